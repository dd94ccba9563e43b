/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code sendBatch} promises.
 */
abstract class SendBatchContract extends MessagingContract {

	private static final List<Integer> PAYLOADS = IntStream.range(0, 200).boxed().toList();

	SendBatchContract(MessagingService service) {
		super(service);
	}

	@Test
	void returnsIdsInTheOrderOfThePayloads() {
		List<MessageId> ids = this.service.sendBatch(this.queue, PAYLOADS);
		assertThat(ids).hasSize(200).extracting(MessageId::value).isSorted().doesNotHaveDuplicates();
		List<QueuedMessage<Integer>> messages = receive(1000);
		assertThat(messages).extracting(QueuedMessage::id).isEqualTo(ids);
		assertThat(messages).extracting(QueuedMessage::payload).isEqualTo(PAYLOADS);
	}

	@Test
	void returnsItsOwnIdsWhenManySendAtOnce() throws Exception {
		List<List<MessageId>> ids = race(() -> this.service.sendBatch(this.queue, PAYLOADS));
		assertThat(ids).allSatisfy((own) -> {
			assertThat(own).extracting(MessageId::value).isSorted();
			QueuedMessage<Integer> last = this.service.receiveMessage(this.queue, Integer.class, own.get(199), HOUR)
				.orElseThrow();
			assertThat(last.payload()).isEqualTo(199);
		});
		assertThat(ids.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(RACERS * 200);
	}

	@Test
	void givesEachMessageTheHeaders() {
		this.service.sendBatch(this.queue, List.of(1, 2), SendOptions.none().withHeader("h", 1));
		assertThat(receive(2)).hasSize(2)
			.allSatisfy((message) -> assertThat(message.headers()).isEqualTo(Map.of("h", 1)));
	}

	@Test
	void givesEachMessageTheDelay() {
		this.service.sendBatch(this.queue, List.of(1, 2), SendOptions.none().withDelay(HOUR));
		assertThat(receive(2)).isEmpty();
	}

	@Test
	void givesEachMessageTheNotBefore() {
		this.service.sendBatch(this.queue, List.of(1, 2), SendOptions.none().withNotBefore(Instant.now().plus(HOUR)));
		assertThat(receive(2)).isEmpty();
	}

	@Test
	void hidesMessagesForTheDelay() {
		awaitReturn(SECOND, () -> this.service.sendBatch(this.queue, List.of(1), SendOptions.none().withDelay(SECOND)));
	}

}
