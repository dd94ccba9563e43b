/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessageTooLargeException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.UncategorizedMessagingException;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PgmqErrorIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration TOO_LONG = Duration.ofSeconds(Integer.MAX_VALUE).plusNanos(1);

	@AutoClose
	private static final MessagingFixture fixture = new MessagingFixture();

	private final MessagingService service = fixture.service();

	@ParameterizedTest
	@MethodSource("callsOnMissingQueue")
	void missingQueueIsNotFound(ThrowingCallable call) {
		assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.queue()).isEqualTo("not_there"));
	}

	static Stream<ThrowingCallable> callsOnMissingQueue() {
		return calls(fixture.service(), "not_there");
	}

	@ParameterizedTest
	@MethodSource("callsWithInvalidName")
	void invalidNameIsRefused(ThrowingCallable call) {
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(call).withMessageContaining("\"Bad\"");
	}

	static Stream<ThrowingCallable> callsWithInvalidName() {
		MessagingService service = fixture.service();
		return Stream.concat(calls(service, "Bad"),
				Stream.of(() -> service.ensureQueue("Bad"), () -> service.ensureQueues(List.of("not_there", "Bad")),
						() -> service.sendBatch("Bad", List.of()), () -> service.ackMessages("Bad", List.of()),
						() -> service.nackMessage("Bad", new ReceiptHandle("1"), true)));
	}

	private static Stream<ThrowingCallable> calls(MessagingService service, String queue) {
		ReceiptHandle handle = new ReceiptHandle("1");
		return Stream.of(() -> service.sendMessage(queue, 1), () -> service.sendBatch(queue, List.of(1)),
				() -> service.receiveMessages(queue, Integer.class, 1, MINUTE),
				() -> service.receiveMessage(queue, Integer.class, new MessageId(1), MINUTE),
				() -> service.ackMessage(queue, handle), () -> service.ackMessages(queue, List.of(handle)),
				() -> service.nackMessage(queue, handle, false), () -> service.nackMessage(queue, handle, MINUTE),
				() -> service.extendVisibility(queue, handle, MINUTE), () -> service.queueStats(queue));
	}

	@ParameterizedTest
	@MethodSource("callsOutOfRange")
	void argumentOutOfRangeIsNamed(String argument, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessageStartingWith(argument + " must ");
	}

	static Stream<Object[]> callsOutOfRange() {
		MessagingService service = fixture.service();
		ReceiptHandle handle = new ReceiptHandle("1");
		return Stream.of(call("max", () -> service.receiveMessages("q", Integer.class, 0, MINUTE)),
				call("max", () -> service.receiveMessages("q", Integer.class, 10_001, MINUTE)),
				call("visibilityTimeout", () -> service.receiveMessages("q", Integer.class, 1, Duration.ofNanos(-1))),
				call("visibilityTimeout", () -> service.receiveMessages("q", Integer.class, 1, TOO_LONG)),
				call("visibilityTimeout",
						() -> service.receiveMessage("q", Integer.class, new MessageId(1), MINUTE.negated())),
				call("delay", () -> service.nackMessage("q", handle, MINUTE.negated())),
				call("duration", () -> service.extendVisibility("q", handle, MINUTE.negated())),
				call("delay", () -> service.sendMessage("q", 1, SendOptions.none().withDelay(TOO_LONG))),
				call("notBefore", () -> service.sendMessage("q", 1, SendOptions.none().withNotBefore(Instant.MAX))));
	}

	private static Object[] call(String argument, ThrowingCallable call) {
		return new Object[] { argument, call };
	}

	@Test
	void payloadAboveTheLimitIsRefused() {
		String queue = fixture.newQueue();
		this.service.sendMessage(queue, "x".repeat(1022));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.service.sendMessage(queue, "x".repeat(1023)))
			.withMessageContaining("1025 bytes")
			.withMessageContaining("1024");
		assertThat(fixture.count("q_" + queue)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\0b", "\uD800", "\uDC00x" })
	void textThatPostgresCannotStoreIsRefused(String text) {
		String queue = fixture.newQueue();
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.service.sendMessage(queue, text));
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.service.sendMessage(queue, 1, SendOptions.none().withHeader("h", text)));
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
		MessagingService impatient = MessagingFixture.service(fixture.dataSource((connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute("set statement_timeout = '100ms'");
			}
		}));
		assertThatExceptionOfType(MessagingUnavailableException.class).isThrownBy(() -> impatient.sendMessage(queue, 1))
			.withMessageContaining("57014")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
	}

	@Test
	void pgmqThatIsAbsentIsSaidToBe() {
		try (TestDatabase empty = TaskerPostgres.shared().createEmptyDatabase()) {
			MessagingService service = MessagingFixture.service(empty.dataSource());
			Stream<ThrowingCallable> calls = Stream.concat(calls(service, "orders"),
					Stream.of(() -> service.ensureQueue("orders"), () -> service.verifyQueues(List.of("orders"))));
			assertThat(calls)
				.allSatisfy((call) -> assertThatExceptionOfType(UncategorizedMessagingException.class).isThrownBy(call)
					.withMessageContaining("not installed")
					.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse()));
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
