/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@code receiveMessage}, which claims one message by its id, promises.
 */
abstract class ReceiveMessageContract extends MessagingContract {

	ReceiveMessageContract(MessagingService service) {
		super(service);
	}

	@Test
	void claimsTheMessageAndLeavesTheOthers() {
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(1, 2, 3),
				SendOptions.none().withHeader("h", "v"));
		assertThat(claim(ids.get(1))).get().satisfies((message) -> {
			assertThat(message.queue()).isEqualTo(this.queue);
			assertThat(message.id()).isEqualTo(ids.get(1));
			assertThat(message.payload()).isEqualTo(2);
			assertThat(message.headers()).containsEntry("h", "v");
			assertThat(message.receiveCount()).isEqualTo(1);
		});
		assertThat(receive(3)).extracting(QueuedMessage::payload).containsExactly(1, 3);
	}

	@Test
	void findsNoMessageThatIsHidden() {
		MessageId received = sendAndReceive(HOUR).id();
		MessageId delayed = this.service.sendMessage(this.queue, 1, SendOptions.none().withDelay(HOUR));
		assertThat(claim(received)).isEmpty();
		assertThat(claim(delayed)).isEmpty();
	}

	@Test
	void findsNoMessageThatIsSettled() {
		QueuedMessage<Integer> acked = sendAndReceive(HOUR);
		this.service.ackMessage(this.queue, acked.handle());
		QueuedMessage<Integer> archived = sendAndReceive(HOUR);
		this.service.nackMessage(this.queue, archived.handle(), false);
		assertThat(claim(acked.id())).isEmpty();
		assertThat(claim(archived.id())).isEmpty();
	}

	@Test
	void hidesTheMessageForTheVisibilityTimeout() {
		MessageId id = this.service.sendMessage(this.queue, 1);
		QueuedMessage<Integer> again = awaitReturn(SECOND,
				() -> assertThat(this.service.receiveMessage(this.queue, Integer.class, id, SECOND)).isPresent());
		assertThat(again.receiveCount()).isEqualTo(2);
	}

	@Test
	void roundsTheVisibilityTimeoutUpToWholeSeconds() {
		MessageId id = this.service.sendMessage(this.queue, 1);
		awaitReturn(Duration.ofSeconds(2),
				() -> this.service.receiveMessage(this.queue, Integer.class, id, Duration.ofMillis(1001)));
	}

	@Test
	void saysWhenTheMessageComesBack() {
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(1, 2));
		assertSaysWhenItComesBack(HOUR, () -> claim(ids.get(0)).orElseThrow());
		assertSaysWhenItComesBack(Duration.ofSeconds(2),
				() -> this.service.receiveMessage(this.queue, Integer.class, ids.get(1), Duration.ofMillis(1001))
					.orElseThrow());
	}

	@Test
	void deliversAMessageThatCannotBeDecoded() {
		MessageId id = this.service.sendMessage(this.queue, "no number");
		QueuedMessage<Integer> message = claim(id).orElseThrow();
		assertThat(message.rawPayload()).isEqualTo("\"no number\"");
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(message::payload);
	}

	@Test
	void givesHandlesThatSettleTheMessage() {
		MessageId id = this.service.sendMessage(this.queue, 1);
		this.service.ackMessage(this.queue, claim(id).orElseThrow().handle());
	}

	@Test
	void givesEachMessageToOneOfManyWhoAskForItAtOnce() throws Exception {
		List<MessageId> ids = this.service.sendBatch(this.queue, IntStream.range(0, 100).boxed().toList());
		List<QueuedMessage<Integer>> claimed = race(
				() -> ids.stream().map(this::claim).flatMap(Optional::stream).toList())
			.stream()
			.flatMap(List::stream)
			.toList();
		assertThat(claimed).extracting(QueuedMessage::id).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(claimed).extracting(QueuedMessage::receiveCount).containsOnly(1);
	}

	private Optional<QueuedMessage<Integer>> claim(MessageId id) {
		return this.service.receiveMessage(this.queue, Integer.class, id, HOUR);
	}

}
