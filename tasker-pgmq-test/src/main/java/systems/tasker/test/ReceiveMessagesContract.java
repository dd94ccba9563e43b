/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@code receiveMessages} promises.
 */
abstract class ReceiveMessagesContract extends MessagingContract {

	ReceiveMessagesContract(MessagingService service) {
		super(service);
	}

	@Test
	void returnsAtOnceWhenThereIsNothing() {
		long start = System.nanoTime();
		assertThat(receive(10)).isEmpty();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void returnsNoMoreThanAskedForAndTheOthersLater() {
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(1, 2, 3));
		List<MessageId> received = new ArrayList<>();
		for (int expected : List.of(2, 1, 0)) {
			List<QueuedMessage<Integer>> batch = receive(2);
			assertThat(batch).hasSize(expected);
			batch.forEach((message) -> received.add(message.id()));
		}
		assertThat(received).containsExactlyInAnyOrderElementsOf(ids);
	}

	// Not by a delay, which may be over on a slow machine before the others are sent.
	@Test
	void claimsFirstWhatHasBeenVisibleForLongest() {
		QueuedMessage<Integer> cameBack = sendAndReceive(HOUR);
		List<MessageId> others = List.of(this.service.sendMessage(this.queue, 2),
				this.service.sendMessage(this.queue, 3));
		this.service.nackMessage(this.queue, cameBack.handle(), Duration.ZERO);
		assertThat(receive(1)).extracting(QueuedMessage::id).containsExactly(others.get(0));
		List<QueuedMessage<Integer>> batch = receive(2);
		assertThat(batch).extracting(QueuedMessage::id).containsExactly(cameBack.id(), others.get(1));
		assertThat(batch.get(0).handle()).isEqualTo(cameBack.handle());
	}

	@Test
	void returnsMessagesInTheOrderOfTheirIdsWhateverBecameOfThemBefore() {
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(1, 2, 3, 4));
		List<QueuedMessage<Integer>> messages = receive(4);
		for (int i : List.of(2, 0, 3, 1)) {
			this.service.nackMessage(this.queue, messages.get(i).handle(), Duration.ZERO);
		}
		assertThat(receive(4)).extracting(QueuedMessage::id).isEqualTo(ids);
	}

	@Test
	void hidesAMessageForTheVisibilityTimeoutAndCountsHowOftenItWasReceived() {
		MessageId id = this.service.sendMessage(this.queue, 1);
		QueuedMessage<Integer> again = awaitReturn(SECOND,
				() -> assertThat(this.service.receiveMessages(this.queue, Integer.class, 1, SECOND)).singleElement()
					.satisfies((message) -> assertThat(message.receiveCount()).isEqualTo(1)));
		assertThat(again.id()).isEqualTo(id);
		assertThat(again.receiveCount()).isEqualTo(2);
	}

	@Test
	void roundsTheVisibilityTimeoutUpToWholeSeconds() {
		this.service.sendMessage(this.queue, 1);
		awaitReturn(Duration.ofSeconds(2),
				() -> this.service.receiveMessages(this.queue, Integer.class, 1, Duration.ofMillis(1001)));
	}

	@Test
	void saysWhenAMessageComesBack() {
		assertSaysWhenItComesBack(HOUR, () -> sendAndReceive(HOUR));
		assertSaysWhenItComesBack(Duration.ofSeconds(2), () -> sendAndReceive(Duration.ofMillis(1001)));
	}

	@Test
	void hidesNothingWithoutVisibilityTimeoutAndCountsAllTheSame() {
		assertThat(sendAndReceive(Duration.ZERO).receiveCount()).isEqualTo(1);
		assertThat(receive(1)).extracting(QueuedMessage::receiveCount).containsExactly(2);
	}

	@Test
	void deliversAMessageThatCannotBeDecodedWithTheOthersOfItsBatch() {
		this.service.sendBatch(this.queue, List.of(1, "no number", 3));
		List<QueuedMessage<Integer>> messages = receive(3);
		assertThat(messages.get(0).payload()).isEqualTo(1);
		assertThat(messages.get(1).rawPayload()).isEqualTo("\"no number\"");
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> messages.get(1).payload());
		assertThat(messages.get(2).payload()).isEqualTo(3);
		this.service.ackMessage(this.queue, messages.get(1).handle());
	}

	@Test
	void neverGivesAMessageToTwoReceivers() throws Exception {
		List<MessageId> ids = this.service.sendBatch(this.queue, IntStream.range(0, 400).boxed().toList());
		List<MessageId> claimed = race(() -> {
			List<MessageId> mine = new ArrayList<>();
			List<QueuedMessage<Integer>> batch = receive(7);
			while (!batch.isEmpty()) {
				batch.forEach((message) -> mine.add(message.id()));
				batch = receive(7);
			}
			return mine;
		}).stream().flatMap(List::stream).toList();
		assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
	}

}
