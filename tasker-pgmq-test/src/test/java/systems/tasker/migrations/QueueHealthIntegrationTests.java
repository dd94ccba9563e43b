/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code queue_health}, {@code queue_stats} and {@code held_snapshots}.
 */
@ParameterizedClass
@EnumSource
class QueueHealthIntegrationTests extends PgmqSetFixture {

	@Parameter
	PgmqInstall install;

	@Test
	void shortQueueIsCountedExactly() {
		send(0);
		send(0);
		send(60);
		this.client.sql("update pgmq.q_orders set vt = vt - interval '1 hour' where msg_id = 2").update();
		assertThat(health(10)).singleElement().satisfies((queue) -> {
			assertThat(queue.queueName()).isEqualTo("orders");
			assertThat(queue.queueLength()).isEqualTo(3);
			assertThat(queue.visibleLength()).isEqualTo(2);
			assertThat(queue.isExact()).isTrue();
			assertThat(queue.oldestDueSeconds()).isBetween(3600.0, 3700.0);
			assertThat(queue.error()).isNull();
		});
	}

	@Test
	void emptyQueueHasNoOldestMessage() {
		assertThat(health(10)).singleElement().satisfies((queue) -> {
			assertThat(queue.queueLength()).isZero();
			assertThat(queue.visibleLength()).isZero();
			assertThat(queue.oldestDueSeconds()).isNull();
		});
	}

	@Test
	void lengthIsExactUpToTheLimit() {
		fill(10, 0);
		assertThat(health(10)).singleElement()
			.extracting(Health::isExact, Health::queueLength)
			.containsExactly(true, 10L);
		assertThat(health(9)).singleElement()
			.extracting(Health::isExact, Health::queueLength)
			.containsExactly(false, 10L);
	}

	@Test
	void longQueueIsEstimated() {
		fill(500, 3);
		JdbcClient.create(database().dataSource()).sql("analyze pgmq.q_orders").update();
		assertThat(health(10)).singleElement().satisfies((queue) -> {
			assertThat(queue.isExact()).isFalse();
			assertThat(queue.queueLength()).isEqualTo(503);
			assertThat(queue.visibleLength()).isEqualTo(500);
		});
	}

	@Test
	void longQueueNobodyHasLookedAtIsNotUnderestimated() {
		fill(15, 9);
		assertThat(health(10)).singleElement().satisfies((queue) -> {
			assertThat(queue.isExact()).isFalse();
			assertThat(queue.queueLength()).isEqualTo(20);
			assertThat(queue.visibleLength()).isEqualTo(11);
		});
	}

	@Test
	void queueThatGrewSinceItWasAnalyzedIsEstimatedByItsSize() {
		this.client.sql("alter table pgmq.q_orders set (autovacuum_enabled = off)").update();
		fill(1000, 0);
		JdbcClient.create(database().dataSource()).sql("analyze pgmq.q_orders").update();
		fill(9000, 0);
		assertThat(health(10)).singleElement()
			.satisfies((queue) -> assertThat(queue.queueLength()).isBetween(9000L, 11_000L));
	}

	@Test
	void lockedQueueHidesNoOther() throws Exception {
		createQueue("zebra");
		SingleConnectionDataSource session = openSession();
		session.getConnection().setAutoCommit(false);
		JdbcClient.create(session).sql("lock table pgmq.q_orders in access exclusive mode").update();
		assertThat(health(10)).extracting(Health::queueLength).containsExactly(null, 0L);
		assertThat(health(10).get(0).error()).contains("lock timeout");
		session.getConnection().rollback();
	}

	@Test
	void visibleLengthBetweenTwoLongHalvesIsUnknown() {
		fill(500, 500);
		assertThat(health(10)).singleElement().satisfies((queue) -> {
			assertThat(queue.visibleLength()).isNull();
			assertThat(queue.queueLength()).isGreaterThanOrEqualTo(11);
		});
	}

	@Test
	void deadRowsAreCounted() {
		this.client.sql("alter table pgmq.q_orders set (autovacuum_enabled = off)").update();
		fill(200, 0);
		this.client.sql("update pgmq.q_orders set vt = clock_timestamp()").update();
		this.client.sql("select pg_stat_force_next_flush()").query().listOfRows();
		assertThat(health(10)).singleElement().extracting(Health::deadTuples).isEqualTo(200L);
	}

	@Test
	void damagedQueueHidesNoOther() {
		createQueue("broken");
		createQueue("sealed");
		createQueue("zebra");
		JdbcClient administrator = JdbcClient.create(database().superuserDataSource());
		administrator.sql("alter table pgmq.q_broken rename to elsewhere").update();
		administrator.sql("alter table pgmq.q_sealed rename vt to hidden_until").update();
		try {
			assertThat(health(10)).extracting(Health::queueName).containsExactly("broken", "orders", "sealed", "zebra");
			assertThat(health(10)).extracting(Health::queueLength).containsExactly(null, 0L, null, 0L);
			assertThat(health(10).get(0).error()).contains("queue \"broken\" has no table");
			assertThat(health(10).get(2).error()).contains("vt");
		}
		finally {
			administrator.sql("alter table pgmq.elsewhere rename to q_broken").update();
			administrator.sql("alter table pgmq.q_sealed rename hidden_until to vt").update();
		}
	}

	@Test
	void statsOfAShortQueueAreThoseOfPgmq() {
		fill(3, 2);
		this.client.sql("update pgmq.q_orders set enqueued_at = now() - (10 - msg_id) * interval '1 hour'").update();
		this.client.sql("select pgmq.send('orders', '{}')").query().singleRow();
		this.client.sql("delete from pgmq.q_orders where msg_id = 1").update();
		assertStats(10, new Stats(5L, 3L, true, 8 * 3600, 0, 6L));
		assertStats(10, this.client.sql("""
				select queue_length, queue_visible_length, true as is_exact, oldest_msg_age_sec, newest_msg_age_sec,
					total_messages
				from pgmq.metrics('orders')""").query(Stats.class).single());
	}

	@Test
	void statsOfAnEmptyQueueHaveNoAges() {
		assertThat(stats(10)).isEqualTo(new Stats(0L, 0L, true, null, null, 0L));
	}

	@Test
	void statsOfALongQueueAreEstimated() {
		fill(500, 3);
		JdbcClient.create(database().dataSource()).sql("analyze pgmq.q_orders").update();
		this.client.sql("delete from pgmq.q_orders where msg_id in (7, 503)").update();
		assertStats(10, new Stats(503L, 501L, false, 0, 0, 503L));
		assertStats(1000, new Stats(501L, 499L, true, 0, 0, 503L));
	}

	@Test
	void statsThatCannotBeToldAreNullAndNotZero() {
		fill(20, 20);
		assertThat(stats(10).queueVisibleLength()).isNull();
		JdbcClient administrator = JdbcClient.create(database().superuserDataSource());
		administrator.sql("alter table pgmq.q_orders alter column msg_id drop identity").update();
		assertThat(stats(10).totalMessages()).isNull();
	}

	@Test
	void autovacuumWithoutAFigureIsRefused() {
		for (String figures : List.of("null, 50, 2", "0.01, null, 2", "0.01, 50, null")) {
			assertThatFailure(
					() -> this.client.sql("select tasker_pgmq.set_autovacuum('orders', %s)".formatted(figures))
						.query()
						.listOfRows(),
					"22023", "must not be NULL");
		}
	}

	@Test
	void heldSnapshotIsNamed() throws Exception {
		SingleConnectionDataSource session = openSession();
		JdbcClient holder = JdbcClient.create(session);
		holder.sql("set application_name = 'report'").update();
		holder.sql("begin isolation level repeatable read").update();
		holder.sql("select 1").query().listOfRows();
		send(0);
		send(0);
		List<String> holders = this.client
			.sql("select holder from tasker_pgmq.held_snapshots() where age_transactions >= 2 and age_seconds >= 0")
			.query(String.class)
			.list();
		assertThat(holders).singleElement().asString().startsWith("session ").endsWith(" of report");
		holder.sql("commit").update();
	}

	@Test
	void vacuumHoldsNoSnapshot() throws Exception {
		fill(5000, 0);
		JdbcClient vacuum = JdbcClient.create(openSession());
		vacuum.sql("set application_name = 'vacuum'").update();
		vacuum.sql("set vacuum_cost_limit = 1").update();
		vacuum.sql("set vacuum_cost_delay = '100ms'").update();
		CompletableFuture<Integer> running = CompletableFuture
			.supplyAsync(() -> vacuum.sql("vacuum pgmq.q_orders").update());
		await().until(() -> this.client.sql("""
				select pid from pg_stat_activity join pg_stat_progress_vacuum using (pid)
				where application_name = 'vacuum' and backend_xmin is not null
				""").query().listOfRows().size() == 1);
		send(0);
		assertThat(this.client.sql("select holder from tasker_pgmq.held_snapshots()").query(String.class).list())
			.noneMatch((holder) -> holder.endsWith(" of vacuum"));
		assertThat(this.client
			.sql("select pg_cancel_backend(pid) from pg_stat_progress_vacuum where relid = 'pgmq.q_orders'::regclass")
			.query(Boolean.class)
			.list()).containsExactly(true);
		assertThat(running).failsWithin(Duration.ofSeconds(30));
	}

	private void fill(int visible, int invisible) {
		this.client.sql("""
				insert into pgmq.q_orders (vt, message)
				select clock_timestamp() - interval '1 second', '{}' from generate_series(1, ?)
				""").param(visible).update();
		this.client.sql("""
				insert into pgmq.q_orders (vt, message)
				select clock_timestamp() + interval '1 hour', '{}' from generate_series(1, ?)
				""").param(invisible).update();
	}

	private List<Health> health(int exactUpTo) {
		return this.client.sql("select * from tasker_pgmq.queue_health(?)").param(exactUpTo).query(Health.class).list();
	}

	private void assertStats(int exactUpTo, Stats expected) {
		assertThat(stats(exactUpTo)).usingRecursiveComparison()
			.withComparatorForType((age, other) -> (Math.abs(age - other) < 60) ? 0 : 1, Integer.class)
			.isEqualTo(expected);
	}

	private Stats stats(int exactUpTo) {
		return this.client.sql("select * from tasker_pgmq.queue_stats('orders', ?)")
			.param(exactUpTo)
			.query(Stats.class)
			.single();
	}

	record Stats(Long queueLength, Long queueVisibleLength, Boolean isExact, Integer oldestMsgAgeSec,
			Integer newestMsgAgeSec, Long totalMessages) {
	}

	record Health(String queueName, Long queueLength, Long visibleLength, Boolean isExact, Double oldestDueSeconds,
			Long deadTuples, String error) {
	}

}
