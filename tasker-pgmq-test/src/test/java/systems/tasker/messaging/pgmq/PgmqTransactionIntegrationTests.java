/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.messaging.CrossDatabaseSendException;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.UncategorizedMessagingException;
import systems.tasker.messaging.support.CrossDatabaseSends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PgmqTransactionIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private static MessagingFixture fixture;

	private final MessagingService service = fixture.service();

	private final String queue = fixture.newQueue();

	private final TransactionTemplate transaction = transaction(fixture.dataSource());

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	@Test
	void sendCommitsWithTheCaller() {
		this.transaction.executeWithoutResult((status) -> {
			this.service.sendMessage(this.queue, 1);
			this.service.sendBatch(this.queue, List.of(2, 3));
			assertThat(fixture.count("q_" + this.queue)).as("seen by others").isZero();
		});
		assertThat(receive()).extracting(QueuedMessage::payload).containsExactly(1, 2, 3);
	}

	@Test
	void sendRollsBackWithTheCaller() {
		this.transaction.executeWithoutResult((status) -> {
			this.service.sendMessage(this.queue, 1);
			this.service.sendBatch(this.queue, List.of(2, 3));
			status.setRollbackOnly();
		});
		assertThat(receive()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void sendDoesNotJoinATransactionOnAnotherDatabase(boolean autoCommit) {
		MessagingService other = MessagingFixture
			.service(fixture.dataSource((connection) -> connection.setAutoCommit(autoCommit)));
		this.transaction.executeWithoutResult((status) -> {
			other.sendMessage(this.queue, 1);
			assertThat(fixture.count("q_" + this.queue)).as("seen by others").isOne();
			status.setRollbackOnly();
		});
		assertThat(receive()).hasSize(1);
	}

	@Test
	void sendInATransactionOnTheTaskerDatabaseIsRefusedWhenThatIsAnother() {
		MessagingService split = new PgmqMessagingService(fixture.database().dataSource(),
				new PgmqMessagingSettings(new JacksonMessageSerializer(), 1024)
					.withCrossDatabaseSends(CrossDatabaseSends.refused(fixture.dataSource())));
		this.transaction.executeWithoutResult((status) -> {
			assertThatExceptionOfType(CrossDatabaseSendException.class)
				.isThrownBy(() -> split.sendMessage(this.queue, 1));
			assertThatExceptionOfType(CrossDatabaseSendException.class)
				.isThrownBy(() -> split.sendBatch(this.queue, List.of(2, 3)));
		});
		split.sendMessage(this.queue, 4);
		assertThat(receive()).extracting(QueuedMessage::payload).containsExactly(4);
	}

	@Test
	void settlingRollsBackWithTheCaller() {
		this.service.sendBatch(this.queue, List.of(1, 2, 3, 4, 5, 6));
		List<QueuedMessage<Integer>> messages = receive();
		this.transaction.executeWithoutResult((status) -> {
			this.service.ackMessage(this.queue, messages.get(0).handle());
			assertThat(this.service.ackMessages(this.queue, List.of(messages.get(1).handle()))).isEmpty();
			this.service.nackMessage(this.queue, messages.get(2).handle(), false);
			this.service.nackMessage(this.queue, messages.get(3).handle(), Duration.ZERO);
			this.service.extendVisibility(this.queue, messages.get(4).handle(), Duration.ZERO);
			this.service.extendVisibility(this.queue, List.of(messages.get(5).handle()), Duration.ZERO);
			status.setRollbackOnly();
		});
		assertThat(fixture.count("q_" + this.queue)).isEqualTo(6);
		assertThat(fixture.count("a_" + this.queue)).isZero();
		assertThat(receive()).as("visible again").isEmpty();
	}

	@Test
	void claimSurvivesTheRollbackOfTheCaller() {
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(1, 2));
		this.transaction.executeWithoutResult((status) -> {
			assertThat(this.service.receiveMessages(this.queue, Integer.class, 1, Duration.ZERO)).hasSize(1);
			assertThat(this.service.receiveMessage(this.queue, Integer.class, ids.get(1), Duration.ZERO)).isPresent();
			status.setRollbackOnly();
		});
		assertThat(receive()).extracting(QueuedMessage::receiveCount).containsExactly(2, 2);
	}

	@Test
	void receiveDoesNotSeeWhatTheCallerHasNotCommitted() {
		this.transaction.executeWithoutResult((status) -> {
			this.service.sendMessage(this.queue, 1);
			assertThat(receive()).isEmpty();
		});
		assertThat(receive()).hasSize(1);
	}

	@Test
	void receiveSeesWhatWasCommittedAfterARepeatableReadCallerBegan() {
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		this.transaction.executeWithoutResult((status) -> {
			JdbcClient.create(fixture.dataSource()).sql("select 1 as snapshot").query().singleRow();
			fromAnotherThread(() -> this.service.sendMessage(this.queue, 1));
			assertThat(receive()).hasSize(1);
		});
	}

	@Test
	void messageReceivedAfterTheSnapshotOfTheCallerCannotBeSettledInIt() {
		this.service.sendMessage(this.queue, 1);
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		assertThatExceptionOfType(UncategorizedMessagingException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				JdbcClient.create(fixture.dataSource()).sql("select 1 as snapshot").query().singleRow();
				receive().forEach((message) -> this.service.ackMessage(this.queue, message.handle()));
			}))
			.withMessageContaining("40001")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
	}

	@Test
	void errorsOfOwnTransactionsLeaveTheCallerAlone() {
		this.transaction.executeWithoutResult((status) -> {
			this.service.sendMessage(this.queue, 1);
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> this.service.receiveMessages("not_there", Integer.class, 1, MINUTE));
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> this.service.queueStats("not_there"));
			assertThat(this.service.verifyQueues(List.of("not_there")).missing()).containsExactly("not_there");
		});
		assertThat(receive()).hasSize(1);
	}

	@Test
	void payloadThatCannotBeStoredLeavesTheCallerAlone() {
		this.transaction.executeWithoutResult((status) -> {
			this.service.sendMessage(this.queue, 1);
			assertThatExceptionOfType(MessageSerializationException.class)
				.isThrownBy(() -> this.service.sendMessage(this.queue, "\0"));
		});
		assertThat(receive()).hasSize(1);
	}

	@Test
	void ensureQueueSurvivesTheRollbackOfTheCaller() {
		this.transaction.executeWithoutResult((status) -> {
			this.service.ensureQueue("made_in_a_transaction");
			status.setRollbackOnly();
		});
		assertThat(this.service.verifyQueues(List.of("made_in_a_transaction")).healthy()).hasSize(1);
	}

	@Test
	void transactionAwareProxyDoesNotMakeReceiveJoin() {
		DataSource proxy = new TransactionAwareDataSourceProxy(fixture.dataSource());
		MessagingService proxied = MessagingFixture.service(proxy);
		this.service.sendMessage(this.queue, 1);
		this.transaction.executeWithoutResult((status) -> {
			assertThat(proxied.receiveMessages(this.queue, Integer.class, 1, Duration.ZERO)).hasSize(1);
			proxied.sendMessage(this.queue, 2);
			status.setRollbackOnly();
		});
		assertThat(receive()).extracting(QueuedMessage::receiveCount).containsExactly(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void commitsOnItsOwnAndRestoresAutoCommit(boolean autoCommit) throws SQLException {
		try (Connection connection = fixture.dataSource().getConnection()) {
			connection.setAutoCommit(autoCommit);
			MessagingService pooled = MessagingFixture.service(new SingleConnectionDataSource(connection, true));
			this.service.sendBatch(this.queue, List.of(1, 2));
			assertThat(pooled.receiveMessages(this.queue, Integer.class, 1, MINUTE)).hasSize(1);
			assertThat(receive()).as("what others may claim").hasSize(1);
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> pooled.receiveMessages("not_there", Integer.class, 1, MINUTE));
			assertThat(pooled.healthCheck().healthy()).as("usable after an error").isTrue();
			assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
		}
	}

	@Test
	void allWorksWithoutAutoCommit() {
		DataSource manual = fixture.dataSource((connection) -> connection.setAutoCommit(false));
		MessagingService pooled = MessagingFixture.service(manual);
		pooled.ensureQueue("made_without_autocommit");
		pooled.sendMessage("made_without_autocommit", 1);
		QueuedMessage<Integer> message = pooled.receiveMessages("made_without_autocommit", Integer.class, 1, MINUTE)
			.get(0);
		pooled.ackMessage("made_without_autocommit", message.handle());
		assertThat(fixture.count("q_made_without_autocommit")).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "repeatable read", "serializable" })
	void claimsAreReadCommittedWhateverTheSessionPrefers(String isolation) throws SQLException {
		this.service.sendBatch(this.queue, List.of(1, 2));
		fixture.jdbc().sql("create table if not exists claims (isolation text)").update();
		fixture.jdbc().sql("truncate claims").update();
		fixture.jdbc().sql("""
				create or replace function note_isolation() returns trigger language plpgsql as
				'begin insert into public.claims values (current_setting(''transaction_isolation'')); return new; end'
				""").update();
		fixture.jdbc()
			.sql("create trigger note before update on pgmq.q_%s for each row execute function note_isolation()"
				.formatted(this.queue))
			.update();
		try (Connection connection = fixture.dataSource().getConnection()) {
			execute(connection, "set default_transaction_isolation = '" + isolation + "'");
			MessagingService pooled = MessagingFixture.service(new SingleConnectionDataSource(connection, true));
			List<MessageId> ids = new ArrayList<>();
			pooled.receiveMessages(this.queue, Integer.class, 1, MINUTE).forEach((message) -> ids.add(message.id()));
			pooled.receiveMessage(this.queue, Integer.class, new MessageId(2), MINUTE)
				.ifPresent((message) -> ids.add(message.id()));
			assertThat(ids).containsExactly(new MessageId(1), new MessageId(2));
			assertThat(fixture.jdbc().sql("select isolation from claims").query(String.class).list())
				.containsExactly("read committed", "read committed");
			assertThat(isolation(connection)).isEqualTo(isolation);
		}
	}

	@Test
	void timesAreRightWhateverTheZoneOfTheSession() {
		MessagingService newYork = MessagingFixture
			.service(fixture.dataSource((connection) -> execute(connection, "set time zone 'America/New_York'")));
		newYork.sendMessage(this.queue, 1);
		QueuedMessage<Integer> message = newYork.receiveMessages(this.queue, Integer.class, 1, MINUTE).get(0);
		QueuedMessage<Integer> sameMessage = fixture.service()
			.receiveMessages(released(message.handle()), Integer.class, 1, MINUTE)
			.get(0);
		assertThat(message.enqueuedAt()).isEqualTo(sameMessage.enqueuedAt());
		assertThat(Duration.between(message.enqueuedAt(), message.visibleAt())).isBetween(MINUTE,
				MINUTE.plusSeconds(20));
	}

	private String released(ReceiptHandle handle) {
		this.service.nackMessage(this.queue, handle, Duration.ZERO);
		return this.queue;
	}

	private List<QueuedMessage<Integer>> receive() {
		return this.service.receiveMessages(this.queue, Integer.class, 10, MINUTE);
	}

	private static TransactionTemplate transaction(DataSource dataSource) {
		return new TransactionTemplate(new DataSourceTransactionManager(dataSource));
	}

	private static void fromAnotherThread(Runnable work) {
		Thread thread = new Thread(work);
		thread.start();
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String isolation(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("show transaction_isolation")) {
			row.next();
			return row.getString(1);
		}
	}

}
