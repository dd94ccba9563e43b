/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageTooLargeException;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What happens to payloads, headers and handles that are of no use: an error of the
 * messaging family, and no effect.
 */
abstract class BadMessageContract extends MessagingContract {

	private static final int FIVE_MEGABYTES = 5_000_000;

	BadMessageContract(MessagingService service) {
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

	@Test
	void nullPayloadIsRefused() {
		assertPayloadRefused(null, MessageSerializationException.class);
	}

	@Test
	void payloadThatIsNullInJsonIsRefused() {
		assertPayloadRefused(Optional.empty(), MessageSerializationException.class);
	}

	@Test
	void payloadOfFiveMegabytesIsRefused() {
		assertPayloadRefused("x".repeat(FIVE_MEGABYTES), MessageTooLargeException.class);
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.service.sendMessage(this.queue, "x".repeat(FIVE_MEGABYTES)))
			.satisfies((ex) -> assertThat(ex.size()).isEqualTo(FIVE_MEGABYTES + 2))
			.satisfies((ex) -> assertThat(ex.limit()).isLessThan(FIVE_MEGABYTES));
	}

	@TestFactory
	Stream<DynamicTest> payloadThatCannotBeEncodedIsRefused() {
		List<Object> loop = new ArrayList<>();
		loop.add(loop);
		return Stream.of(
				DynamicTest.dynamicTest("a loop",
						() -> assertPayloadRefused(loop, MessageSerializationException.class)),
				DynamicTest.dynamicTest("a getter that throws",
						() -> assertPayloadRefused(new Broken(1), MessageSerializationException.class)));
	}

	@TestFactory
	Stream<DynamicTest> textThatIsNoUnicodeOrHoldsNulIsRefused() {
		return Map
			.of("a high surrogate", "\ud800", "a low surrogate", "\udc00x", "surrogates the wrong way round",
					"\udc00\ud800", "U+0000", "a\0b")
			.entrySet()
			.stream()
			.map((text) -> DynamicTest.dynamicTest(text.getKey(), () -> {
				assertPayloadRefused(text.getValue(), MessageSerializationException.class);
				assertPayloadRefused(Map.of(text.getValue(), 1), MessageSerializationException.class);
				assertHeadersRefused(Map.of("h", text.getValue()));
				assertHeadersRefused(Map.of(text.getValue(), 1));
			}));
	}

	@TestFactory
	Stream<DynamicTest> headerThatCannotBeEncodedIsRefused() {
		return Stream.of(
				DynamicTest.dynamicTest("a getter that throws", () -> assertHeadersRefused(Map.of("h", new Broken(1)))),
				DynamicTest.dynamicTest("a name that is null",
						() -> assertHeadersRefused(Collections.singletonMap(null, 1))));
	}

	@SuppressWarnings("NullAway")
	private void assertPayloadRefused(@Nullable Object payload, Class<? extends MessagingException> error) {
		assertRefused(error, () -> this.service.sendMessage(this.queue, payload),
				() -> this.service.sendMessage(this.queue, payload, SendOptions.none().withHeader("h", 1)),
				() -> this.service.sendBatch(this.queue, Arrays.asList(1, payload)),
				() -> this.service.sendBatch(this.queue, Arrays.asList(payload, 1), SendOptions.none()));
	}

	private void assertHeadersRefused(Map<String, @Nullable Object> headers) {
		SendOptions options = SendOptions.none().withHeaders(headers);
		assertRefused(MessageSerializationException.class, () -> this.service.sendMessage(this.queue, 1, options),
				() -> this.service.sendBatch(this.queue, List.of(1, 2), options));
	}

	private static void assertRefused(Class<? extends MessagingException> error, ThrowingCallable... calls) {
		assertThat(calls).allSatisfy((call) -> assertThatExceptionOfType(error).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse()));
	}

	@Test
	void payloadOfAnotherTypeIsDeliveredWithItsJson() {
		String other = newQueue();
		this.service.sendMessage(other, Map.of("a", 1));
		QueuedMessage<Integer> message = this.service.receiveMessages(other, Integer.class, 1, HOUR).get(0);
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(message::payload)
			.withMessageContainingAll(other, "message " + message.id(), "java.lang.Integer");
		assertThat(message.rawPayload()).isEqualToIgnoringWhitespace("{\"a\":1}");
	}

	@Test
	void sizeOfAPayloadIsCountedInBytes() {
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.service.sendMessage(this.queue, "€".repeat(FIVE_MEGABYTES)))
			.satisfies((ex) -> assertThat(ex.size()).isEqualTo(3L * FIVE_MEGABYTES + 2));
	}

	@Test
	void headersDoNotCountTowardsTheSizeOfAPayload() {
		String other = newQueue();
		String large = "x".repeat(FIVE_MEGABYTES);
		this.service.sendMessage(other, 1, SendOptions.none().withHeader("h", large));
		assertThat(this.service.receiveMessages(other, Integer.class, 1, HOUR)).singleElement()
			.satisfies((message) -> assertThat(message.headers()).containsEntry("h", large));
	}

	@Test
	void headersThatCannotBeDecodedAreDeliveredWithTheirJson() {
		String other = newQueue();
		// Jackson writes such a number, and does not read it unless told to.
		BigInteger huge = BigInteger.TEN.pow(1500);
		MessageId id = this.service.sendMessage(other, 1,
				SendOptions.none().withHeader("h", huge).withHeader("k", "v"));
		this.service.sendMessage(other, 2, SendOptions.none().withHeader("k", "v"));
		List<QueuedMessage<Integer>> messages = this.service.receiveMessages(other, Integer.class, 10, HOUR);
		assertThat(messages).extracting(QueuedMessage::payload).containsExactly(1, 2);
		assertThat(messages.get(1).headers()).isEqualTo(Map.of("k", "v"));
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(messages.get(0)::headers)
			.withMessageContainingAll(other, "message " + id)
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
		assertThat(messages.get(0).rawHeaders()).contains("\"k\"", huge.toString());
	}

	@Test
	void refusalNamesTheQueueAndThePlaceInTheBatch() {
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.service.sendBatch(this.queue, List.of(1, "x".repeat(FIVE_MEGABYTES))))
			.withMessageContainingAll("index 1", this.queue, "tasker.messaging.max-message-size");
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.service.sendBatch(this.queue, Arrays.asList(1, 2, null)))
			.withMessageContainingAll("index 2", this.queue);
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.service.sendMessage(this.queue, "a\0b"))
			.withMessageContaining(this.queue);
	}

	@Test
	void longNamesAndTextsAreDelivered() {
		String other = newQueue();
		Map<String, String> payload = Map.of("n".repeat(60_000), "x".repeat(60_000));
		this.service.sendMessage(other, payload, SendOptions.none().withHeader("h".repeat(60_000), 1));
		assertThat(this.service.receiveMessages(other, Object.class, 1, HOUR)).singleElement().satisfies((message) -> {
			assertThat(message.rawPayload()).contains("n".repeat(60_000), "x".repeat(60_000));
			assertThat(message.rawHeaders()).contains("h".repeat(60_000));
		});
	}

	@Test
	void payloadWhoseTypeFailsWithAnErrorIsDeliveredWithTheOthers() {
		String other = newQueue();
		this.service.sendBatch(other, List.of(Map.of("a", 1), Map.of("a", 2)));
		List<QueuedMessage<Unusable>> messages = this.service.receiveMessages(other, Unusable.class, 10, HOUR);
		assertThat(messages).hasSize(2).allSatisfy((message) -> {
			assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(message::payload);
			assertThat(message.rawPayload()).contains("\"a\"");
		});
	}

	@TestFactory
	Stream<DynamicTest> foreignHandleSettlesNothing() {
		return Stream.of("", " ", "x", "0", "1", "-1", "9223372036854775808", "'", this.queue, this.queue + "/")
			.map((value) -> DynamicTest.dynamicTest('"' + value + '"',
					() -> assertSettlesNothing(this.queue, new ReceiptHandle(value))));
	}

	@Test
	void handleThatWasChangedSettlesNothing() {
		String other = newQueue();
		ReceiptHandle handle = sendAndReceive(other);
		for (String changed : List.of(" " + handle, handle + " ", "0" + handle, "+" + handle, handle + "x")) {
			assertSettlesNothing(other, new ReceiptHandle(changed));
		}
		this.service.ackMessage(other, handle);
	}

	@Test
	void handleOfAnotherQueueSettlesNothing() {
		String other = newQueue();
		ReceiptHandle handle = sendAndReceive(other);
		assertSettlesNothing(this.queue, handle);
		this.service.ackMessage(other, handle);
	}

	private void assertSettlesNothing(String queue, ReceiptHandle handle) {
		assertThat(Stream.<ThrowingCallable>of(() -> this.service.ackMessage(queue, handle),
				() -> this.service.nackMessage(queue, handle, false),
				() -> this.service.nackMessage(queue, handle, HOUR),
				() -> this.service.extendVisibility(queue, handle, HOUR)))
			.allSatisfy((call) -> assertThatExceptionOfType(MessageNotFoundException.class).isThrownBy(call)
				.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse()));
		assertThat(this.service.ackMessages(queue, List.of(handle))).containsExactly(handle);
		assertThat(this.service.extendVisibility(queue, List.of(handle), HOUR)).containsExactly(handle);
		this.service.nackMessage(queue, handle, true);
	}

	@Test
	void foreignHandleInABatchIsReturnedAndTheOthersAreSettled() {
		String other = newQueue();
		ReceiptHandle handle = sendAndReceive(other);
		List<ReceiptHandle> foreign = List.of(new ReceiptHandle("x"), new ReceiptHandle(""));
		List<ReceiptHandle> handles = List.of(foreign.get(0), handle, foreign.get(1));
		assertThat(this.service.extendVisibility(other, handles, Duration.ZERO)).isEqualTo(foreign);
		assertThat(this.service.receiveMessages(other, Integer.class, 2, HOUR)).hasSize(1);
		assertThat(this.service.ackMessages(other, handles)).isEqualTo(foreign);
		assertSettlesNothing(other, handle);
	}

	@Test
	void handleGivenTwiceCountsOnce() {
		String other = newQueue();
		ReceiptHandle handle = sendAndReceive(other);
		List<ReceiptHandle> twice = List.of(handle, handle);
		assertThat(this.service.extendVisibility(other, twice, HOUR)).isEmpty();
		assertThat(this.service.ackMessages(other, twice)).isEmpty();
		assertThat(this.service.ackMessages(other, twice)).containsExactly(handle);
		assertThat(this.service.extendVisibility(other, twice, HOUR)).containsExactly(handle);
	}

	/**
	 * A payload that no serializer can read.
	 *
	 * @param value a number
	 */
	record Broken(int value) {

		@Override
		public int value() {
			throw new IllegalStateException("broken");
		}

	}

	/**
	 * A type that cannot be used, as one that lacks a class it needs.
	 */
	static final class Unusable {

		Unusable() {
			throw new NoClassDefFoundError("the test says so");
		}

	}

}
