/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What {@code sendMessage} promises.
 */
abstract class SendMessageContract extends MessagingContract {

	SendMessageContract(MessagingService service) {
		super(service);
	}

	@Test
	void deliversPayloadAndHeaders() {
		SendOptions options = SendOptions.none().withHeader("traceparent", "00-1").withHeader("depth", List.of(1, 2));
		MessageId id = this.service.sendMessage(this.queue, new Order(7, "socks"), options);
		assertThat(this.service.receiveMessages(this.queue, Order.class, 10, HOUR)).singleElement()
			.satisfies((message) -> {
				assertThat(message.queue()).isEqualTo(this.queue);
				assertThat(message.id()).isEqualTo(id);
				assertThat(message.payload()).isEqualTo(new Order(7, "socks"));
				assertThat(message.headers()).isEqualTo(Map.of("traceparent", "00-1", "depth", List.of(1, 2)));
			});
	}

	@Test
	void deliversNoHeadersWhenThereAreNone() {
		this.service.sendMessage(this.queue, 1);
		assertThat(receive(1).get(0).headers()).isEmpty();
	}

	@Test
	void deliversHeadersThatAreNull() {
		this.service.sendMessage(this.queue, 1, SendOptions.none().withHeader("h", null));
		assertThat(receive(1).get(0).headers()).containsEntry("h", null).hasSize(1);
	}

	@TestFactory
	Stream<DynamicTest> deliversEveryKindOfPayload() {
		return Stream
			.of("", "text", "€ 😀 \" \\ / \b\f\n\r\t\u0001\u007f\u2028", 0, Long.MIN_VALUE, -1.5, 1e300, true, false,
					List.of(), List.of(1, List.of("a")), Map.of(), Map.of("a", Map.of("b", false), "", 2))
			.map((payload) -> DynamicTest.dynamicTest("'" + payload + "'", () -> {
				MessageId id = this.service.sendMessage(this.queue, payload);
				assertThat(this.service.receiveMessage(this.queue, type(payload), id, HOUR).orElseThrow().payload())
					.isEqualTo(payload);
			}));
	}

	private static Class<?> type(Object payload) {
		return (payload instanceof List) ? List.class : (payload instanceof Map) ? Map.class : payload.getClass();
	}

	@Test
	void numbersMessagesInTheOrderOfSending() {
		List<MessageId> ids = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			ids.add(this.service.sendMessage(this.queue, i));
		}
		assertThat(ids).extracting(MessageId::value).isSorted().doesNotHaveDuplicates();
		assertThat(receive(5)).extracting(QueuedMessage::id).isEqualTo(ids);
	}

	@Test
	void isVisibleToReceiversOnceItReturns() throws Exception {
		assertThat(race(() -> {
			MessageId id = this.service.sendMessage(this.queue, 1);
			return this.service.receiveMessage(this.queue, Integer.class, id, HOUR);
		})).allSatisfy((message) -> assertThat(message).isPresent());
	}

	@Test
	void delayHidesTheMessageForWholeSecondsRoundedUp() {
		QueuedMessage<Integer> message = awaitReturn(SECOND,
				() -> this.service.sendMessage(this.queue, 7, SendOptions.none().withDelay(Duration.ofMillis(1))));
		assertThat(message.payload()).isEqualTo(7);
		assertThat(message.receiveCount()).isEqualTo(1);
	}

	@Test
	void notBeforeHidesTheMessageUntilThen() {
		Duration ahead = Duration.ofMillis(1200);
		awaitReturn(ahead, () -> this.service.sendMessage(this.queue, 1,
				SendOptions.none().withNotBefore(Instant.now().plus(ahead))));
	}

	@Test
	void notBeforeInThePastHidesNothing() {
		for (Instant past : Arrays.asList(Instant.MIN, Instant.EPOCH, Instant.now().minusSeconds(1))) {
			this.service.sendMessage(this.queue, 1, SendOptions.none().withNotBefore(past));
			assertThat(receive(1)).as(past.toString()).hasSize(1);
		}
	}

	@Test
	void ofDelayAndALaterNotBeforeTheLaterCounts() {
		Duration ahead = Duration.ofMillis(1500);
		awaitReturn(ahead, () -> this.service.sendMessage(this.queue, 1,
				SendOptions.none().withDelay(SECOND).withNotBefore(Instant.now().plus(ahead))));
	}

	@Test
	void ofNotBeforeAndALaterDelayTheLaterCounts() {
		Duration delay = Duration.ofSeconds(2);
		awaitReturn(delay, () -> this.service.sendMessage(this.queue, 1,
				SendOptions.none().withDelay(delay).withNotBefore(Instant.now().plus(SECOND))));
	}

	@Test
	void saysWhenTheMessageWasSent() {
		this.service.sendMessage(this.queue, 1);
		assertThat(receive(1).get(0).enqueuedAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
	}

	/**
	 * A payload.
	 *
	 * @param id a number
	 * @param item a text
	 */
	record Order(int id, String item) {

	}

}
