/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What happens to names, nulls and numbers that no call should have: an error that names
 * them, and no effect.
 */
@SuppressWarnings("NullAway")
abstract class BadArgumentContract extends MessagingContract {

	private static final Duration NEGATIVE = Duration.ofNanos(-1);

	private static final Duration TOO_LONG = Duration.ofSeconds(Integer.MAX_VALUE).plusNanos(1);

	private static final ReceiptHandle HANDLE = new ReceiptHandle("1");

	private static final SendOptions NO_OPTIONS = SendOptions.none();

	BadArgumentContract(MessagingService service) {
		super(service);
	}

	@BeforeEach
	void sendMessageThatNoCallMayTouch() {
		this.service.sendMessage(this.queue, 42);
	}

	@AfterEach
	void requireThatNoCallTouchedIt() {
		assertThat(receive(10)).singleElement().satisfies((message) -> {
			assertThat(message.payload()).isEqualTo(42);
			assertThat(message.receiveCount()).isEqualTo(1);
		});
	}

	@TestFactory
	Stream<DynamicTest> nullIsRefusedByName() {
		MessagingService service = this.service;
		String queue = this.queue;
		MessageId id = new MessageId(1);
		return named(Map.ofEntries(Map.entry("ensureQueue queue", () -> service.ensureQueue(null)),
				Map.entry("ensureQueues queues", () -> service.ensureQueues(null)),
				Map.entry("verifyQueues queues", () -> service.verifyQueues(null)),
				Map.entry("sendMessage queue", () -> service.sendMessage(null, 1)),
				Map.entry("sendMessage options", () -> service.sendMessage(queue, 1, null)),
				Map.entry("sendBatch queue", () -> service.sendBatch(null, List.of(1))),
				Map.entry("sendBatch payloads", () -> service.sendBatch(queue, null)),
				Map.entry("sendBatch options", () -> service.sendBatch(queue, List.of(1), null)),
				Map.entry("receiveMessages queue", () -> service.receiveMessages(null, Integer.class, 1, HOUR)),
				Map.entry("receiveMessages type", () -> service.receiveMessages(queue, null, 1, HOUR)),
				Map.entry("receiveMessages visibilityTimeout",
						() -> service.receiveMessages(queue, Integer.class, 1, null)),
				Map.entry("receiveMessage queue", () -> service.receiveMessage(null, Integer.class, id, HOUR)),
				Map.entry("receiveMessage type", () -> service.receiveMessage(queue, null, id, HOUR)),
				Map.entry("receiveMessage id", () -> service.receiveMessage(queue, Integer.class, null, HOUR)),
				Map.entry("receiveMessage visibilityTimeout",
						() -> service.receiveMessage(queue, Integer.class, id, null)),
				Map.entry("ackMessage queue", () -> service.ackMessage(null, HANDLE)),
				Map.entry("ackMessage handle", () -> service.ackMessage(queue, null)),
				Map.entry("ackMessages queue", () -> service.ackMessages(null, List.of(HANDLE))),
				Map.entry("ackMessages handles", () -> service.ackMessages(queue, null)),
				Map.entry("nackMessage queue", () -> service.nackMessage(null, HANDLE, false)),
				Map.entry("nackMessage handle", () -> service.nackMessage(queue, null, false)),
				Map.entry("nackMessage to requeue, queue", () -> service.nackMessage(null, HANDLE, true)),
				Map.entry("nackMessage to requeue, handle", () -> service.nackMessage(queue, null, true)),
				Map.entry("nackMessage with delay, queue", () -> service.nackMessage(null, HANDLE, HOUR)),
				Map.entry("nackMessage with delay, handle", () -> service.nackMessage(queue, null, HOUR)),
				Map.entry("nackMessage with delay, delay", () -> service.nackMessage(queue, HANDLE, null)),
				Map.entry("extendVisibility queue", () -> service.extendVisibility(null, HANDLE, HOUR)),
				Map.entry("extendVisibility handle", () -> service.extendVisibility(queue, (ReceiptHandle) null, HOUR)),
				Map.entry("extendVisibility duration", () -> service.extendVisibility(queue, HANDLE, null)),
				Map.entry("extendVisibility of a batch, queue",
						() -> service.extendVisibility(null, List.of(HANDLE), HOUR)),
				Map.entry("extendVisibility of a batch, handles",
						() -> service.extendVisibility(queue, (List<ReceiptHandle>) null, HOUR)),
				Map.entry("extendVisibility of a batch, duration",
						() -> service.extendVisibility(queue, List.of(HANDLE), null)),
				Map.entry("queueStats queue", () -> service.queueStats(null))), "null");
	}

	@TestFactory
	Stream<DynamicTest> nullInACollectionIsRefusedByName() {
		String missing = newName();
		List<String> names = Arrays.asList(missing, null);
		String other = newQueue();
		ReceiptHandle handle = sendAndReceive(other);
		List<ReceiptHandle> handles = Arrays.asList(handle, null);
		return Stream.concat(
				named(Map.of("ensureQueues queues", () -> this.service.ensureQueues(names), "verifyQueues queues",
						() -> this.service.verifyQueues(names), "ackMessages handles",
						() -> this.service.ackMessages(other, handles), "extendVisibility handles",
						() -> this.service.extendVisibility(other, handles, Duration.ZERO)), "null"),
				Stream.of(DynamicTest.dynamicTest("no queue is created", () -> assertMissing(missing)),
						DynamicTest.dynamicTest("no message is settled", () -> {
							assertThat(this.service.receiveMessages(other, Integer.class, 1, HOUR)).isEmpty();
							this.service.ackMessage(other, handle);
						})));
	}

	@TestFactory
	Stream<DynamicTest> numberOutOfRangeIsRefusedByName() {
		MessagingService service = this.service;
		String queue = this.queue;
		MessageId id = new MessageId(1);
		return named(Map.ofEntries(
				Map.entry("receiveMessages max", () -> service.receiveMessages(queue, Integer.class, 0, HOUR)),
				Map.entry("receiveMessages negative max",
						() -> service.receiveMessages(queue, Integer.class, -1, HOUR)),
				Map.entry("receiveMessages huge max",
						() -> service.receiveMessages(queue, Integer.class, 10_001, HOUR)),
				Map.entry("receiveMessages negative visibilityTimeout",
						() -> service.receiveMessages(queue, Integer.class, 1, NEGATIVE)),
				Map.entry("receiveMessages huge visibilityTimeout",
						() -> service.receiveMessages(queue, Integer.class, 1, TOO_LONG)),
				Map.entry("receiveMessage negative visibilityTimeout",
						() -> service.receiveMessage(queue, Integer.class, id, NEGATIVE)),
				Map.entry("receiveMessage huge visibilityTimeout",
						() -> service.receiveMessage(queue, Integer.class, id, TOO_LONG)),
				Map.entry("nackMessage negative delay", () -> service.nackMessage(queue, HANDLE, NEGATIVE)),
				Map.entry("nackMessage huge delay", () -> service.nackMessage(queue, HANDLE, TOO_LONG)),
				Map.entry("extendVisibility negative duration",
						() -> service.extendVisibility(queue, HANDLE, NEGATIVE)),
				Map.entry("extendVisibility huge duration", () -> service.extendVisibility(queue, HANDLE, TOO_LONG)),
				Map.entry("extendVisibility of a batch, negative duration",
						() -> service.extendVisibility(queue, List.of(HANDLE), NEGATIVE)),
				Map.entry("extendVisibility of a batch, huge duration",
						() -> service.extendVisibility(queue, List.of(HANDLE), TOO_LONG)),
				Map.entry("extendVisibility of an empty batch, negative duration",
						() -> service.extendVisibility(queue, List.of(), NEGATIVE)),
				Map.entry("sendMessage huge delay",
						() -> service.sendMessage(queue, 1, NO_OPTIONS.withDelay(TOO_LONG))),
				Map.entry("sendMessage huge notBefore",
						() -> service.sendMessage(queue, 1, NO_OPTIONS.withNotBefore(Instant.MAX))),
				Map.entry("sendBatch huge delay",
						() -> service.sendBatch(queue, List.of(1, 2), NO_OPTIONS.withDelay(TOO_LONG))),
				Map.entry("sendBatch huge notBefore",
						() -> service.sendBatch(queue, List.of(1, 2), NO_OPTIONS.withNotBefore(Instant.MAX)))),
				"must be between");
	}

	// The last word of the name is the argument.
	private static Stream<DynamicTest> named(Map<String, ThrowingCallable> calls, String reason) {
		return calls.entrySet()
			.stream()
			.map((call) -> DynamicTest.dynamicTest(call.getKey(),
					() -> assertThatIllegalArgumentException().isThrownBy(call.getValue())
						.withMessageContaining(call.getKey().substring(call.getKey().lastIndexOf(' ') + 1))
						.withMessageContaining(reason)));
	}

	@TestFactory
	Stream<DynamicTest> invalidQueueNameIsRefused() {
		return Stream
			.of("", " ", "Orders", "orders-eu", "orders eu", "1orders", "ördërs", "orders$", "orders;--", "orders'",
					"a\"b", "a.b", "a\0b", "x".repeat(48))
			.map((name) -> DynamicTest.dynamicTest('"' + name + '"',
					() -> assertThat(callsOn(name)).allSatisfy(
							(call) -> assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(call)
								.withMessageContaining(name)
								.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse()))));
	}

	@Test
	void oneInvalidQueueNameKeepsAllQueuesFromBeingCreated() {
		String missing = newName();
		assertThatExceptionOfType(InvalidQueueNameException.class)
			.isThrownBy(() -> this.service.ensureQueues(List.of(missing, "Bad-Name")));
		assertMissing(missing);
	}

	@Test
	void unknownQueueIsNotFound() {
		String missing = newName();
		assertThat(callsThatNeed(missing))
			.allSatisfy((call) -> assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(call)
				.withMessageContaining(missing)
				.satisfies((ex) -> assertThat(ex.queue()).isEqualTo(missing))
				.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse()));
		assertMissing(missing);
	}

	@Test
	void callWithNothingToDoDoesNotLookForTheQueue() {
		String missing = newName();
		assertThat(this.service.sendBatch(missing, List.of())).isEmpty();
		assertThat(this.service.ackMessages(missing, List.of())).isEmpty();
		assertThat(this.service.extendVisibility(missing, List.of(), HOUR)).isEmpty();
		this.service.nackMessage(missing, HANDLE, true);
		assertMissing(missing);
	}

	@Test
	void emptyBatchDoesNothing() {
		assertThat(this.service.sendBatch(this.queue, List.of())).isEmpty();
		assertThat(this.service.sendBatch(this.queue, List.of(), NO_OPTIONS.withHeader("h", 1))).isEmpty();
		assertThat(this.service.ackMessages(this.queue, List.of())).isEmpty();
		assertThat(this.service.extendVisibility(this.queue, List.of(), HOUR)).isEmpty();
	}

	@Test
	void nameIsCheckedFirstThenOptionsThenPayload() {
		SendOptions tooLong = NO_OPTIONS.withDelay(TOO_LONG);
		assertThat(Stream.<ThrowingCallable>of(() -> this.service.sendMessage("Bad", null, tooLong),
				() -> this.service.sendMessage("Bad", null), () -> this.service.ackMessage("Bad", null),
				() -> this.service.nackMessage("Bad", null, true), () -> this.service.nackMessage("Bad", null, false),
				() -> this.service.nackMessage("Bad", HANDLE, NEGATIVE)))
			.allSatisfy((call) -> assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(call));
		assertThatIllegalArgumentException().isThrownBy(() -> this.service.sendMessage(this.queue, null, tooLong));
		assertThatIllegalArgumentException().isThrownBy(() -> this.service.sendMessage(newName(), 1, tooLong));
		assertThatIllegalArgumentException().isThrownBy(() -> this.service.sendBatch(this.queue, List.of(), tooLong));
	}

	@Test
	void nullForOptionsOrPayloadsIsRefusedBeforeTheNameIsChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.service.sendMessage("Bad", 1, null))
			.withMessageContaining("options");
		assertThatIllegalArgumentException().isThrownBy(() -> this.service.sendBatch("Bad", List.of(1), null))
			.withMessageContaining("options");
		assertThatIllegalArgumentException().isThrownBy(() -> this.service.sendBatch("Bad", null))
			.withMessageContaining("payloads");
		assertThatIllegalArgumentException().isThrownBy(() -> this.service.sendBatch(null, null));
	}

	@Test
	void idOfNoMessageFindsNothing() {
		for (long id : List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE)) {
			assertThat(this.service.receiveMessage(this.queue, Integer.class, new MessageId(id), HOUR)).isEmpty();
		}
	}

	@Test
	void longestDurationsAreAccepted() {
		String other = newQueue();
		Duration longest = Duration.ofSeconds(Integer.MAX_VALUE);
		this.service.sendMessage(other, 1, NO_OPTIONS.withDelay(longest));
		this.service.sendMessage(other, 2);
		QueuedMessage<Integer> message = this.service.receiveMessages(other, Integer.class, 10_000, longest).get(0);
		assertThat(message.payload()).isEqualTo(2);
		this.service.extendVisibility(other, message.handle(), longest);
		this.service.extendVisibility(other, List.of(message.handle()), longest);
		this.service.nackMessage(other, message.handle(), longest);
		assertThat(this.service.receiveMessages(other, Integer.class, 10_000, longest)).isEmpty();
	}

	private void assertMissing(String name) {
		assertThat(this.service.verifyQueues(List.of(name)).missing()).containsExactly(name);
	}

	private Stream<ThrowingCallable> callsOn(String name) {
		return Stream.concat(callsThatNeed(name),
				Stream.of(() -> this.service.ensureQueue(name), () -> this.service.ensureQueues(List.of(name)),
						() -> this.service.sendBatch(name, List.of()), () -> this.service.ackMessages(name, List.of()),
						() -> this.service.extendVisibility(name, List.of(), HOUR),
						() -> this.service.nackMessage(name, HANDLE, true)));
	}

	private Stream<ThrowingCallable> callsThatNeed(String name) {
		return Stream.of(() -> this.service.sendMessage(name, 1), () -> this.service.sendMessage(name, 1, NO_OPTIONS),
				() -> this.service.sendBatch(name, List.of(1)),
				() -> this.service.sendBatch(name, List.of(1), NO_OPTIONS),
				() -> this.service.receiveMessages(name, Integer.class, 1, HOUR),
				() -> this.service.receiveMessage(name, Integer.class, new MessageId(1), HOUR),
				() -> this.service.ackMessage(name, HANDLE), () -> this.service.ackMessages(name, List.of(HANDLE)),
				() -> this.service.nackMessage(name, HANDLE, false), () -> this.service.nackMessage(name, HANDLE, HOUR),
				() -> this.service.extendVisibility(name, HANDLE, HOUR),
				() -> this.service.extendVisibility(name, List.of(HANDLE), HOUR), () -> this.service.queueStats(name));
	}

}
