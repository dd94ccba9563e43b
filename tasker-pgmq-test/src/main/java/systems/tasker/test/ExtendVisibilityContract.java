/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;

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

}
