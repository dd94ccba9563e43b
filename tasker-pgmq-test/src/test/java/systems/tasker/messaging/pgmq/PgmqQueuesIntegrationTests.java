/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import javax.sql.DataSource;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.QueueNotFoundException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PgmqQueues}, in a database of its own for each test.
 */
class PgmqQueuesIntegrationTests {

	private static final Autovacuum EAGER = new Autovacuum(0.01, 50, Duration.ofMillis(2));

	@AutoClose
	private final MessagingFixture fixture = new MessagingFixture();

	private final PgmqQueues queues = new PgmqQueues(this.fixture.dataSource(), DatabaseGuard.NONE);

	@Test
	void createsLoggedAndUnloggedQueues() {
		this.queues.ensure(List.of("orders"), false);
		this.queues.ensure(List.of("ticks", "clicks"), true);
		assertThat(persistence("q_orders")).isEqualTo("p");
		assertThat(persistence("q_ticks")).isEqualTo("u");
		assertThat(persistence("a_ticks")).as("an archive is logged").isEqualTo("p");
		assertThat(this.queues.unlogged()).containsExactlyInAnyOrder("ticks", "clicks");
		this.fixture.service().sendMessage("ticks", 1);
		assertThat(this.fixture.count("q_ticks")).isOne();
	}

	@Test
	void leavesAQueueThatExistsAsItIs() {
		this.queues.ensure(List.of("orders"), false);
		this.fixture.service().sendMessage("orders", 1);
		this.queues.ensure(List.of("orders"), true);
		assertThat(persistence("q_orders")).isEqualTo("p");
		assertThat(this.fixture.count("q_orders")).isOne();
	}

	@Test
	void createsNothingWhenANameIsInvalid() {
		assertThatExceptionOfType(InvalidQueueNameException.class)
			.isThrownBy(() -> this.queues.ensure(List.of("orders", "Orders"), true));
		assertThat(this.queues.figures()).isEmpty();
	}

	@Test
	void setsAutovacuumOnlyWhereItDiffers() {
		this.queues.ensure(List.of("orders", "others"), false);
		assertThat(this.queues.setAutovacuum("orders", EAGER, false)).containsExactly("pgmq.q_orders");
		assertThat(options("q_orders")).isEqualTo("{autovacuum_vacuum_scale_factor=0.01,"
				+ "autovacuum_vacuum_threshold=50,autovacuum_vacuum_cost_delay=2}");
		assertThat(options("a_orders")).isNull();
		assertThat(options("q_others")).isNull();
		String row = version("q_orders");
		assertThat(this.queues.setAutovacuum("orders", EAGER, false)).isEmpty();
		assertThat(version("q_orders")).as("nothing was written").isEqualTo(row);
		assertThat(this.queues.setAutovacuum("orders", EAGER, true)).containsExactly("pgmq.a_orders");
		assertThat(
				this.queues.setAutovacuum("orders", new Autovacuum(0.2, 1000, Duration.ofMillis(1).dividedBy(2)), true))
			.containsExactly("pgmq.q_orders", "pgmq.a_orders");
		assertThat(options("q_orders")).contains("scale_factor=0.2", "threshold=1000", "cost_delay=0.5");
	}

	@Test
	void otherParametersStay() {
		this.queues.ensure(List.of("orders"), false);
		this.fixture.jdbc().sql("alter table pgmq.q_orders set (fillfactor = 70)").update();
		this.queues.setAutovacuum("orders", EAGER, false);
		assertThat(options("q_orders")).contains("fillfactor=70", "threshold=50");
		assertThat(this.queues.setAutovacuum("orders", EAGER, false)).isEmpty();
	}

	@Test
	void doesNotWaitForSomebodyWhoHoldsTheTable() throws Exception {
		this.queues.ensure(List.of("orders"), false);
		try (Connection connection = this.fixture.database().dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("lock table pgmq.q_orders in share update exclusive mode");
			long start = System.nanoTime();
			assertThatExceptionOfType(MessagingException.class)
				.isThrownBy(() -> this.queues.setAutovacuum("orders", EAGER, false))
				.withMessageContaining("55P03");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		}
	}

	@Test
	void onlyTheOwnerSetsAutovacuum() {
		this.queues.ensure(List.of("orders"), false);
		JdbcClient.create(this.fixture.database().superuserDataSource())
			.sql("alter table pgmq.q_orders owner to current_user")
			.update();
		assertThatExceptionOfType(MessagingException.class)
			.isThrownBy(() -> this.queues.setAutovacuum("orders", EAGER, false))
			.withMessageContaining("42501");
	}

	@Test
	void missingQueuesAreSaidToBe() {
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.queues.setAutovacuum("missing", EAGER, false));
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.queues.deleteArchived("missing", Duration.ofDays(1), 10));
	}

	@Test
	void deletesTheOldestArchivedMessagesInBatches() {
		this.queues.ensure(List.of("orders"), false);
		archive("orders", 25);
		Duration retention = Duration.ofHours(5).minusMinutes(30);
		assertThat(this.queues.deleteArchived("orders", retention, 15)).hasValue(15);
		assertThat(this.fixture.jdbc().sql("select max(msg_id) from pgmq.a_orders").query(Long.class).single())
			.as("the oldest go first, and these have the highest ids")
			.isEqualTo(10);
		assertThat(this.queues.deleteArchived("orders", retention, 15)).hasValue(6);
		assertThat(this.queues.deleteArchived("orders", retention, 15)).hasValue(0);
		assertThat(this.fixture.count("a_orders")).isEqualTo(4);
	}

	@Test
	void deletesFromNoOtherArchive() {
		this.queues.ensure(List.of("orders", "orders_dlq"), false);
		archive("orders", 3);
		archive("orders_dlq", 3);
		assertThat(this.queues.deleteArchived("orders", Duration.ofMillis(1), 100)).hasValue(3);
		assertThat(this.fixture.count("a_orders_dlq")).isEqualTo(3);
	}

	/*
	 * The limits of the database are wider than those of a retention.
	 */
	@Test
	void longestRetentionDeletesNothingAndNoneDeletesAll() {
		this.queues.ensure(List.of("orders"), false);
		archive("orders", 3);
		assertThat(this.queues.deleteArchived("orders", Duration.ofSeconds(Integer.MAX_VALUE), 10_000)).hasValue(0);
		assertThat(this.queues.deleteArchived("orders", Duration.ZERO, 10_000)).hasValue(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "null, 10", "'-1 microsecond', 10", "'-1 day', null", "'1 hour', null", "'1 hour', 0",
			"'1 hour', -1" })
	void functionRefusesWhatWouldEmptyAnArchiveAtOnce(String arguments) {
		this.queues.ensure(List.of("orders"), false);
		archive("orders", 3);
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.fixture.jdbc()
				.sql("select tasker_pgmq.delete_archived('orders', %s)".formatted(arguments))
				.query()
				.listOfRows())
			.havingRootCause()
			.withMessageContaining("must be")
			.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("22023"));
		assertThat(this.fixture.count("a_orders")).isEqualTo(3);
	}

	@Test
	void batchUsesTheIndexOnArchivedAt() {
		this.queues.ensure(List.of("orders"), false);
		archive("orders", 5000);
		this.fixture.jdbc().sql("vacuum analyze pgmq.a_orders").update();
		List<String> plan = this.fixture.jdbc().sql("""
				explain delete from pgmq.a_orders
				where archived_at < now() - interval '1 hour' and msg_id = any (array(
					select msg_id from pgmq.a_orders where archived_at < now() - interval '1 hour'
					order by archived_at limit 100))""").query(String.class).list();
		assertThat(String.join("\n", plan)).contains("archived_at_idx_orders").doesNotContain("Seq Scan");
	}

	@Test
	void leavesAnArchiveAloneWhereSomebodyIsDeleting() throws Exception {
		this.queues.ensure(List.of("orders", "others"), false);
		archive("orders", 3);
		archive("others", 3);
		try (Connection connection = this.fixture.database().dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("select tasker_pgmq.delete_archived('orders', interval '1 hour', 1)");
			assertThat(this.queues.deleteArchived("orders", Duration.ofMillis(1), 100)).isEqualTo(OptionalInt.empty());
			assertThat(this.queues.deleteArchived("others", Duration.ofMillis(1), 100)).hasValue(3);
			connection.commit();
		}
		assertThat(this.queues.deleteArchived("orders", Duration.ofMillis(1), 100)).hasValue(2);
	}

	@Test
	void figuresAreThoseOfEachQueue() {
		this.queues.ensure(List.of("empty", "orders"), false);
		for (int i = 0; i < 3; i++) {
			this.fixture.service().sendMessage("orders", i);
		}
		this.fixture.service().receiveMessages("orders", Integer.class, 1, Duration.ofHours(1));
		this.fixture.jdbc().sql("update pgmq.q_orders set vt = vt - interval '1 hour' where msg_id = 2").update();
		assertThat(this.queues.figures()).extracting(QueueFigures::queue).containsExactly("empty", "orders");
		assertThat(this.queues.figures().get(0)).satisfies((figures) -> {
			assertThat(figures.depth()).hasValue(0);
			assertThat(figures.visible()).hasValue(0);
			assertThat(figures.oldestAge()).contains(Duration.ZERO);
		});
		assertThat(this.queues.figures().get(1)).satisfies((figures) -> {
			assertThat(figures.depth()).hasValue(3);
			assertThat(figures.visible()).hasValue(2);
			assertThat(figures.oldestAge())
				.hasValueSatisfying((age) -> assertThat(age).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(61)));
			assertThat(figures.error()).isEmpty();
		});
	}

	@Test
	void figuresOfADamagedQueueAreUnknownAndNotZero() {
		this.queues.ensure(List.of("broken", "orders"), false);
		this.fixture.jdbc().sql("alter table pgmq.q_broken rename to elsewhere").update();
		assertThat(this.queues.figures().get(0)).satisfies((figures) -> {
			assertThat(figures.depth()).isEqualTo(OptionalLong.empty());
			assertThat(figures.visible()).isEmpty();
			assertThat(figures.oldestAge()).isEmpty();
			assertThat(figures.deadTuples()).isEmpty();
			assertThat(figures.error()).hasValueSatisfying((error) -> assertThat(error).contains("no table"));
		});
		assertThat(this.queues.figures().get(1).depth()).hasValue(0);
	}

	@Test
	void ageOfTheOldestSnapshotIsToldUnlessItIsHidden() throws Exception {
		try (Connection hidden = holdSnapshot(this.fixture.database().superuserDataSource())) {
			this.queues.ensure(List.of("orders"), false);
			long transactions = this.queues.oldestSnapshot().transactions();
			assertThat(transactions).isPositive();
			assertThat(this.queues.oldestSnapshot().duration()).isEmpty();
			try (Connection shown = holdSnapshot(this.fixture.database().dataSource())) {
				this.queues.ensure(List.of("others"), false);
				assertThat(this.queues.oldestSnapshot().duration()).as("of the younger")
					.hasValueSatisfying((age) -> assertThat(age).isPositive().isLessThan(Duration.ofMinutes(1)));
				assertThat(this.queues.oldestSnapshot().transactions()).as("of the older").isGreaterThan(transactions);
				shown.rollback();
			}
			hidden.rollback();
		}
		// Closing does not wait for the server to let go of the snapshot.
		await().untilAsserted(() -> assertThat(this.queues.oldestSnapshot())
			.isEqualTo(new SnapshotAge(0, Optional.of(Duration.ZERO))));
	}

	private static Connection holdSnapshot(DataSource dataSource) throws SQLException {
		Connection holder = dataSource.getConnection();
		holder.setAutoCommit(false);
		holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		try (Statement statement = holder.createStatement()) {
			statement.execute("select 1");
		}
		return holder;
	}

	/*
	 * The message with id n has been there for n hours.
	 */
	private void archive(String queue, int count) {
		this.fixture.jdbc().sql("""
				insert into pgmq.a_%s (msg_id, vt, archived_at, message)
				select id, now(), now() - id * interval '1 hour', '{}' from generate_series(1, ?) as id
				""".formatted(queue)).param(count).update();
	}

	private String persistence(String table) {
		return catalog(table, "relpersistence::text");
	}

	private String options(String table) {
		return catalog(table, "reloptions::text");
	}

	private String version(String table) {
		return catalog(table, "xmin::text");
	}

	private String catalog(String table, String column) {
		return this.fixture.jdbc()
			.sql("select %s from pg_class where oid = ('pgmq.' || ?)::regclass".formatted(column))
			.param(table)
			.query((row, index) -> row.getString(1))
			.list()
			.get(0);
	}

}
