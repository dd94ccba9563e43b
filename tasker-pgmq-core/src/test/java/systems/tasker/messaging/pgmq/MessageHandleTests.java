/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.ReceiptHandle;

import static org.assertj.core.api.Assertions.assertThat;

class MessageHandleTests {

	@Test
	void namesAMessageOfAQueue() {
		ReceiptHandle handle = MessageHandle.of("orders", new MessageId(7));
		assertThat(handle).isEqualTo(new ReceiptHandle("orders/7"));
		assertThat(MessageHandle.id("orders", handle)).isEqualTo(7);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "x", "7", "orders7", "orders/", "orders/x", "orders/07", "orders/+7", "orders/ 7",
			"orders/9223372036854775808", "order/7", "orders_dlq/7", "orders/7/7" })
	void anyOtherTextNamesNoMessage(String value) {
		assertThat(MessageHandle.id("orders", new ReceiptHandle(value))).isZero();
	}

}
