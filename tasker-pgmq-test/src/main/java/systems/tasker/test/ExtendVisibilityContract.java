/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
 * What {@code extendVisibility} promises.
 */
abstract class ExtendVisibilityContract extends MessagingContract {

	ExtendVisibilityContract(MessagingService service) {
		super(service);
	}

	@Test
	void keepsTheMessageHidden() {
		this.service.sendMessage(this.queue, 1);
		awaitReturn(Duration.ofSeconds(2), () -> {
			QueuedMessage<Integer> message = this.service.receiveMessages(this.queue, Integer.class, 1, SECOND).get(0);
			this.service.extendVisibility(this.queue, message.handle(), Duration.ofMillis(1001));
		});
	}

	@Test
	void countsFromNowWhateverTheVisibilityTimeoutWas() {
		ReceiptHandle handle = sendAndReceive();
		awaitReturn(SECOND, () -> this.service.extendVisibility(this.queue, handle, SECOND));
	}

	@Test
	void countsAsNoReceipt() {
		this.service.extendVisibility(this.queue, sendAndReceive(), Duration.ZERO);
		assertThat(receive(1)).extracting(QueuedMessage::receiveCount).containsExactly(2);
	}

	@Test
	void findsNoMessageThatIsSettled() {
		ReceiptHandle acked = sendAndReceive();
		this.service.ackMessage(this.queue, acked);
		ReceiptHandle archived = sendAndReceive();
		this.service.nackMessage(this.queue, archived, false);
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.extendVisibility(this.queue, acked, HOUR));
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.extendVisibility(this.queue, archived, HOUR));
	}

	@Test
	void keepsAllOfABatchHiddenAndNoOther() {
		List<ReceiptHandle> handles = new ArrayList<>();
		awaitReturn(SECOND, () -> {
			handles.addAll(sendAndReceive(3, SECOND));
			assertThat(this.service.extendVisibility(this.queue, handles.subList(1, 3), HOUR)).isEmpty();
		});
		assertThat(receive(3)).isEmpty();
		this.service.extendVisibility(this.queue, handles, Duration.ZERO);
		assertThat(receive(3)).extracting(QueuedMessage::handle).isEqualTo(handles);
	}

	@Test
	void countsABatchFromNowInWholeSecondsWhateverTheVisibilityTimeoutWas() {
		ReceiptHandle handle = sendAndReceive();
		awaitReturn(Duration.ofSeconds(2),
				() -> this.service.extendVisibility(this.queue, List.of(handle), Duration.ofMillis(1001)));
	}

	@Test
	void countsABatchAsNoReceipt() {
		this.service.extendVisibility(this.queue, List.of(sendAndReceive()), Duration.ZERO);
		assertThat(receive(1)).extracting(QueuedMessage::receiveCount).containsExactly(2);
	}

	@Test
	void returnsThoseOfABatchThatAreSettledInTheOrderGiven() {
		List<ReceiptHandle> handles = sendAndReceive(4, HOUR);
		this.service.ackMessage(this.queue, handles.get(3));
		this.service.nackMessage(this.queue, handles.get(1), false);
		List<ReceiptHandle> backwards = List.of(handles.get(3), handles.get(2), handles.get(1), handles.get(0));
		assertThat(this.service.extendVisibility(this.queue, backwards, Duration.ZERO)).containsExactly(handles.get(3),
				handles.get(1));
		assertThat(receive(4)).extracting(QueuedMessage::handle).containsExactly(handles.get(0), handles.get(2));
	}

	@RepeatedTest(5)
	void batchesInAnyOrderDoNotLockEachOtherOut() throws Exception {
		List<ReceiptHandle> handles = sendAndReceive(10, HOUR);
		assertThat(race(() -> {
			List<ReceiptHandle> shuffled = new ArrayList<>(handles);
			Collections.shuffle(shuffled);
			return this.service.extendVisibility(this.queue, shuffled, HOUR);
		})).allSatisfy((notFound) -> assertThat(notFound).isEmpty());
	}

	private List<ReceiptHandle> sendAndReceive(int count, Duration visibilityTimeout) {
		this.service.sendBatch(this.queue, IntStream.range(0, count).boxed().toList());
		return this.service.receiveMessages(this.queue, Integer.class, count, visibilityTimeout)
			.stream()
			.map(QueuedMessage::handle)
			.toList();
	}

}
