/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@code ackMessage} and {@code ackMessages} promise.
 */
abstract class AckMessageContract extends MessagingContract {

	AckMessageContract(MessagingService service) {
		super(service);
	}

	abstract List<QueuedMessage<Object>> archived(String queue);

	@Test
	void deletesTheMessageAndNoOther() {
		this.service.sendBatch(this.queue, List.of(1, 2));
		List<QueuedMessage<Integer>> messages = receive(2);
		this.service.ackMessage(this.queue, messages.get(0).handle());
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.extendVisibility(this.queue, messages.get(0).handle(), HOUR));
		this.service.extendVisibility(this.queue, messages.get(1).handle(), HOUR);
	}

	@Test
	void handleStaysGoodWhenSomebodyElseHasReceivedTheMessage() {
		this.service.sendMessage(this.queue, 1);
		ReceiptHandle handle = this.service.receiveMessages(this.queue, Integer.class, 1, Duration.ZERO)
			.get(0)
			.handle();
		assertThat(receive(1)).hasSize(1);
		this.service.ackMessage(this.queue, handle);
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.ackMessage(this.queue, handle));
	}

	@Test
	void archivesNothing() {
		this.service.ackMessage(this.queue, sendAndReceive());
		this.service.ackMessages(this.queue, List.of(sendAndReceive()));
		assertThat(archived(this.queue)).isEmpty();
	}

	@Test
	void findsAMessageOnce() {
		ReceiptHandle handle = sendAndReceive();
		this.service.ackMessage(this.queue, handle);
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.ackMessage(this.queue, handle))
			.withMessageContaining(this.queue)
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
	}

	@RepeatedTest(5)
	void succeedsForOneOfManyWhoSettleAtOnce() throws Exception {
		ReceiptHandle handle = sendAndReceive();
		assertThat(race(() -> {
			try {
				this.service.ackMessage(this.queue, handle);
				return true;
			}
			catch (MessageNotFoundException ex) {
				return false;
			}
		})).containsOnlyOnce(true);
	}

	@Test
	void deletesAllOfABatch() {
		List<ReceiptHandle> handles = sendAndReceive(3);
		assertThat(this.service.ackMessages(this.queue, handles)).isEmpty();
		assertThat(this.service.ackMessages(this.queue, handles)).isEqualTo(handles);
	}

	@Test
	void returnsThoseOfABatchThatWereSettledInTheOrderGiven() {
		List<ReceiptHandle> handles = sendAndReceive(4);
		this.service.ackMessage(this.queue, handles.get(3));
		this.service.nackMessage(this.queue, handles.get(1), false);
		List<ReceiptHandle> backwards = List.of(handles.get(3), handles.get(2), handles.get(1), handles.get(0));
		assertThat(this.service.ackMessages(this.queue, backwards)).containsExactly(handles.get(3), handles.get(1));
	}

	@RepeatedTest(5)
	void findsEachMessageForOneOfManyWhoSettleBatchesAtOnce() throws Exception {
		List<ReceiptHandle> handles = sendAndReceive(10);
		List<ReceiptHandle> acked = race(() -> {
			List<ReceiptHandle> mine = new ArrayList<>(handles);
			mine.removeAll(this.service.ackMessages(this.queue, handles));
			return mine;
		}).stream().flatMap(List::stream).toList();
		assertThat(acked).containsExactlyInAnyOrderElementsOf(handles);
	}

	private List<ReceiptHandle> sendAndReceive(int count) {
		this.service.sendBatch(this.queue, IntStream.range(0, count).boxed().toList());
		return receive(count).stream().map(QueuedMessage::handle).toList();
	}

}
