/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.MissingDatabaseFunctionException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.UncategorizedMessagingException;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

class PgmqErrorIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private static MessagingFixture fixture;

	private final MessagingService service = fixture.service();

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	private static Stream<ThrowingCallable> calls(MessagingService service, String queue) {
		return Stream.concat(callsOfPgmq(service, queue),
				Stream.of(() -> service.receiveMessage(queue, Integer.class, new MessageId(1), MINUTE)));
	}

	private static Stream<ThrowingCallable> callsOfPgmq(MessagingService service, String queue) {
		ReceiptHandle handle = new ReceiptHandle("1");
		return Stream.of(() -> service.sendMessage(queue, 1), () -> service.sendBatch(queue, List.of(1)),
				() -> service.receiveMessages(queue, Integer.class, 1, MINUTE), () -> service.ackMessage(queue, handle),
				() -> service.ackMessages(queue, List.of(handle)), () -> service.nackMessage(queue, handle, false),
				() -> service.nackMessage(queue, handle, MINUTE), () -> service.extendVisibility(queue, handle, MINUTE),
				() -> service.extendVisibility(queue, List.of(handle), MINUTE), () -> service.queueStats(queue));
	}

	@ParameterizedTest
	@ValueSource(strings = { "no JSON", "", "\"\0\"", "1e400000" })
	void databaseRefusesWhatASerializerOfTheApplicationGetsWrong(String json) {
		String queue = fixture.newQueue();
		MessagingService misled = new PgmqMessagingService(fixture.dataSource(), new Verbatim(), 1_000_000);
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> misled.sendMessage(queue, json));
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> misled.sendBatch(queue, List.of("1", json)));
		assertThat(fixture.count("q_" + queue)).isZero();
	}

	@Test
	void jsonNestedTooDeepIsASerializationError() {
		String queue = fixture.newQueue();
		MessagingService misled = new PgmqMessagingService(fixture.dataSource(), new Verbatim(), 1_000_000);
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> misled.sendMessage(queue, "[".repeat(100_000) + "]".repeat(100_000)));
	}

	@Test
	void timeoutOfAStatementIsUnavailability() {
		String queue = fixture.newQueue();
		fixture.jdbc()
			.sql("create or replace function stall() returns trigger language plpgsql as "
					+ "'begin perform pg_sleep(60); return new; end'")
			.update();
		fixture.jdbc()
			.sql("create trigger stall before insert on pgmq.q_%s execute function stall()".formatted(queue))
			.update();
		MessagingService impatient = MessagingFixture
			.service(fixture.dataSource((connection) -> execute(connection, "set statement_timeout = '100ms'")));
		assertThatExceptionOfType(MessagingUnavailableException.class).isThrownBy(() -> impatient.sendMessage(queue, 1))
			.withMessageContaining("57014")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
	}

	@Test
	void fullQueueOfNotificationsIsNoFaultOfTheMessage() throws SQLException {
		try (TaskerPostgres server = TaskerPostgres.builder().setting("max_notify_queue_pages", "64").start();
				TestDatabase database = server.createDatabase();
				Connection listener = database.dataSource().getConnection();
				PgmqMessagingService service = new PgmqMessagingService(database.dataSource(),
						new PgmqMessagingSettings(new JacksonMessageSerializer(), 1024)
							.withNotifications(NotifyMode.TRANSACTIONAL, Duration.ofMillis(5)))) {
			service.ensureQueue("orders");
			execute(listener, "listen pgmq_message_ready");
			listener.setAutoCommit(false);
			execute(listener, "select 1");
			List<Integer> many = IntStream.range(0, 2000).boxed().toList();
			assertThatExceptionOfType(UncategorizedMessagingException.class)
				.isThrownBy(() -> IntStream.range(0, 200).forEach((batch) -> service.sendBatch("orders", many)))
				.withMessageContainingAll("notifications", "54000")
				.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
			listener.rollback();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.ignoreException(UncategorizedMessagingException.class)
				.untilAsserted(() -> {
					// The server clears its queue when somebody looks.
					JdbcClient.create(database.dataSource())
						.sql("select pg_notification_queue_usage()")
						.query(Double.class)
						.single();
					assertThat(service.sendMessage("orders", 1)).isNotNull();
				});
		}
	}

	@Test
	void sendInATransactionThatOnlyReadsSaysSo() {
		String queue = fixture.newQueue();
		TransactionTemplate reading = transaction();
		reading.setReadOnly(true);
		assertThatExceptionOfType(UncategorizedMessagingException.class)
			.isThrownBy(() -> reading.executeWithoutResult((status) -> this.service.sendMessage(queue, 1)))
			.withMessageContainingAll("read-only", "25006")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
	}

	@Test
	void sendAfterAnErrorInItsTransactionSaysSo() {
		String queue = fixture.newQueue();
		transaction().executeWithoutResult((status) -> {
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> this.service.sendMessage("absent", 1));
			assertThatExceptionOfType(UncategorizedMessagingException.class)
				.isThrownBy(() -> this.service.sendMessage(queue, 1))
				.withMessageContainingAll("an earlier statement of the transaction failed", "25P02")
				.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
			status.setRollbackOnly();
		});
		this.service.sendMessage(queue, 1);
		assertThat(fixture.count("q_" + queue)).isOne();
	}

	@Test
	void transactionWhoseTimeIsOverIsUnavailability() {
		String queue = fixture.newQueue();
		TransactionTemplate hurried = transaction();
		hurried.setTimeout(1);
		assertThatExceptionOfType(MessagingUnavailableException.class)
			.isThrownBy(() -> hurried.executeWithoutResult((status) -> {
				sleepElsewhere(1.2);
				this.service.sendMessage(queue, 1);
			}))
			.withCauseInstanceOf(TransactionTimedOutException.class)
			.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
		assertThat(fixture.count("q_" + queue)).isZero();
	}

	@Test
	void connectionThatTheServerEndedForIdlingIsUnavailability() {
		String queue = fixture.newQueue();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		assertThatExceptionOfType(TransactionException.class).as("nothing is left to commit")
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
				JdbcClient caller = JdbcClient.create(fixture.dataSource());
				int session = caller.sql("select pg_backend_pid()").query(Integer.class).single();
				caller.sql("set local idle_in_transaction_session_timeout = 100").update();
				awaitEnd(session);
				failure.set(catchThrowable(() -> this.service.sendMessage(queue, 1)));
			}));
		assertThat(failure.get()).isInstanceOfSatisfying(MessagingUnavailableException.class,
				(ex) -> assertThat(ex.isRetryable()).isTrue());
	}

	@Test
	void timeFarAheadIsAcceptedWhateverTheClockOfTheDatabase() {
		String queue = fixture.newQueue();
		fixture.jdbc().sql("create schema if not exists long_ago").update();
		fixture.jdbc()
			.sql("create or replace function long_ago.clock_timestamp() returns timestamptz language sql as "
					+ "'select timestamptz ''1950-01-01 00:00:00+00'' '")
			.update();
		MessagingService late = MessagingFixture
			.service(fixture.dataSource((connection) -> execute(connection, "set search_path = long_ago, pg_catalog")));
		SendOptions options = SendOptions.none().withNotBefore(Instant.now().plusSeconds(Integer.MAX_VALUE - 10));
		assertThat(late.sendMessage(queue, 1, options)).isEqualTo(new MessageId(1));
		assertThat(late.sendBatch(queue, List.of(2), options)).containsExactly(new MessageId(2));
	}

	private static TransactionTemplate transaction() {
		return new TransactionTemplate(new DataSourceTransactionManager(fixture.dataSource()));
	}

	private static void sleepElsewhere(double seconds) {
		JdbcClient.create(fixture.database().dataSource())
			.sql("select pg_sleep(?)::text")
			.param(seconds)
			.query()
			.singleRow();
	}

	private static void awaitEnd(int session) {
		JdbcClient elsewhere = JdbcClient.create(fixture.database().superuserDataSource());
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> elsewhere.sql("select from pg_stat_activity where pid = ?")
				.param(session)
				.query()
				.listOfRows()
				.isEmpty());
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Test
	void pgmqThatIsAbsentIsSaidToBe() {
		try (TestDatabase empty = TaskerPostgres.shared().createEmptyDatabase()) {
			MessagingService service = MessagingFixture.service(empty.dataSource());
			Stream<ThrowingCallable> calls = Stream.concat(callsOfPgmq(service, "orders"),
					Stream.of(() -> service.ensureQueue("orders"), () -> service.verifyQueues(List.of("orders"))));
			assertThat(calls)
				.allSatisfy((call) -> assertThatExceptionOfType(UncategorizedMessagingException.class).isThrownBy(call)
					.withMessageContaining("not installed")
					.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse()));
			assertThatExceptionOfType(MissingDatabaseFunctionException.class)
				.isThrownBy(() -> service.receiveMessage("orders", Integer.class, new MessageId(1), MINUTE));
			assertThat(service.healthCheck().healthy()).as("the database answers").isTrue();
		}
	}

	@Test
	void stoppedServerIsUnavailableUntilItIsBack() {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase database = server.createDatabase()) {
			MessagingService service = MessagingFixture.service(database.dataSource());
			service.ensureQueue("orders");
			server.stop();
			Stream<ThrowingCallable> calls = Stream.concat(calls(service, "orders"),
					Stream.of(() -> service.ensureQueue("orders"), () -> service.verifyQueues(List.of("orders"))));
			assertThat(calls)
				.allSatisfy((call) -> assertThatExceptionOfType(MessagingUnavailableException.class).isThrownBy(call)
					.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue()));
			assertThat(service.healthCheck()).satisfies((report) -> {
				assertThat(report.healthy()).isFalse();
				assertThat(report.detail()).contains("not available").doesNotContain(database.password());
			});
			server.start();
			assertThat(service.sendMessage("orders", 1)).isNotNull();
			assertThat(service.healthCheck().healthy()).isTrue();
		}
	}

	@Test
	void connectionLostWithinACallIsUnavailability() {
		String queue = fixture.newQueue();
		fixture.jdbc()
			.sql("create or replace function hang_up() returns trigger language plpgsql as "
					+ "'begin perform pg_terminate_backend(pg_backend_pid()); return new; end'")
			.update();
		this.service.sendMessage(queue, 1);
		fixture.jdbc()
			.sql("create trigger hang_up before update on pgmq.q_%s execute function hang_up()".formatted(queue))
			.update();
		assertThatExceptionOfType(MessagingUnavailableException.class)
			.isThrownBy(() -> this.service.receiveMessages(queue, Integer.class, 1, MINUTE))
			.withMessageContaining("57P01");
	}

	/**
	 * Takes strings for JSON, as an application's own serializer might.
	 */
	private static final class Verbatim implements MessageSerializer {

		@Override
		public String serialize(Object value) {
			return value.toString();
		}

		@Override
		public <T> T deserialize(String json, Class<T> type) {
			return type.cast(json);
		}

	}

}
