/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the two forms of {@code nackMessage} promise.
 */
abstract class NackMessageContract extends MessagingContract {

	NackMessageContract(MessagingService service) {
		super(service);
	}

	abstract List<QueuedMessage<Object>> archived(String queue);

	@Test
	void toRequeueLeavesTheMessageToItsVisibilityTimeout() {
		this.service.sendMessage(this.queue, 1);
		QueuedMessage<Integer> again = awaitReturn(SECOND, () -> {
			List<QueuedMessage<Integer>> messages = this.service.receiveMessages(this.queue, Integer.class, 1, SECOND);
			this.service.nackMessage(this.queue, messages.get(0).handle(), true);
		});
		assertThat(again.receiveCount()).isEqualTo(2);
	}

	@Test
	void withoutRequeueMovesTheMessageToTheArchive() {
		this.service.sendBatch(this.queue, List.of(1, 2));
		List<QueuedMessage<Integer>> messages = receive(2);
		this.service.nackMessage(this.queue, messages.get(0).handle(), false);
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.ackMessage(this.queue, messages.get(0).handle()));
		this.service.ackMessage(this.queue, messages.get(1).handle());
		assertThat(archived(this.queue)).extracting(QueuedMessage::id).containsExactly(messages.get(0).id());
	}

	@Test
	void withoutRequeueKeepsPayloadHeadersAndReceiveCount() {
		this.service.sendMessage(this.queue, Map.of("order", 7), SendOptions.none().withHeader("h", "x"));
		this.service.receiveMessages(this.queue, Object.class, 1, Duration.ZERO);
		QueuedMessage<Object> message = this.service.receiveMessages(this.queue, Object.class, 1, HOUR).get(0);
		this.service.nackMessage(this.queue, message.handle(), false);
		assertThat(archived(this.queue)).singleElement().satisfies((archived) -> {
			assertThat(archived.id()).isEqualTo(message.id());
			assertThat(archived.payload()).isEqualTo(Map.of("order", 7));
			assertThat(archived.headers()).isEqualTo(Map.of("h", "x"));
			assertThat(archived.receiveCount()).isEqualTo(2);
		});
	}

	@Test
	void withoutRequeueArchivesAMessageOnce() throws Exception {
		QueuedMessage<Integer> message = sendAndReceive(HOUR);
		assertThat(race(() -> {
			try {
				this.service.nackMessage(this.queue, message.handle(), false);
				return true;
			}
			catch (MessageNotFoundException ex) {
				return false;
			}
		})).containsOnlyOnce(true);
		assertThat(archived(this.queue)).extracting(QueuedMessage::id).containsExactly(message.id());
	}

	@Test
	void withDelayBringsTheMessageBackAfterIt() {
		ReceiptHandle handle = sendAndReceive();
		QueuedMessage<Integer> again = awaitReturn(SECOND,
				() -> this.service.nackMessage(this.queue, handle, Duration.ofMillis(1)));
		assertThat(again.receiveCount()).isEqualTo(2);
	}

	@Test
	void withoutDelayBringsTheMessageBackNow() {
		this.service.nackMessage(this.queue, sendAndReceive(), Duration.ZERO);
		assertThat(receive(1)).extracting(QueuedMessage::receiveCount).containsExactly(2);
	}

	@Test
	void findsNoMessageThatIsSettled() {
		ReceiptHandle acked = sendAndReceive();
		this.service.ackMessage(this.queue, acked);
		ReceiptHandle archived = sendAndReceive();
		this.service.nackMessage(this.queue, archived, false);
		for (ReceiptHandle settled : List.of(acked, archived)) {
			assertThatExceptionOfType(MessageNotFoundException.class)
				.isThrownBy(() -> this.service.nackMessage(this.queue, settled, false));
			assertThatExceptionOfType(MessageNotFoundException.class)
				.isThrownBy(() -> this.service.nackMessage(this.queue, settled, Duration.ZERO));
			this.service.nackMessage(this.queue, settled, true);
		}
		assertThat(receive(2)).isEmpty();
	}

}
