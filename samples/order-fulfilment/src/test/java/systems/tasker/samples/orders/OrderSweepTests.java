/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

import systems.tasker.messaging.MessagingUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;

@ExtendWith({ MockitoExtension.class, OutputCaptureExtension.class })
class OrderSweepTests {

	private static final UUID FIRST = new UUID(0, 1);

	private static final UUID SECOND = new UUID(0, 2);

	@Mock
	private OrderRepository orders;

	@Mock
	private OrderService service;

	@BeforeEach
	void twoOrdersWait() {
		given(this.orders.findNotEnqueued(any(), anyInt())).willReturn(List.of(FIRST, SECOND));
	}

	@Test
	void orderThatFailsDoesNotHoldUpTheNext(CapturedOutput output) {
		willThrow(new OptimisticLockingFailureException("changed")).given(this.service).enqueue(FIRST);
		sweep();
		then(this.service).should().enqueue(SECOND);
		assertThat(output).contains("Order " + FIRST + " still waits", "Sent 1 messages");
	}

	@Test
	void outageOfTheQueuesEndsTheRound(CapturedOutput output) {
		assertEndsTheRound(new MessagingUnavailableException("The PGMQ database is away", null), output);
	}

	@Test
	void outageOfTheOrdersEndsTheRound(CapturedOutput output) {
		assertEndsTheRound(new CannotGetJdbcConnectionException("The Tasker database is away"), output);
	}

	private void assertEndsTheRound(RuntimeException failure, CapturedOutput output) {
		willThrow(failure).given(this.service).enqueue(FIRST);
		sweep();
		then(this.service).should().enqueue(FIRST);
		then(this.service).shouldHaveNoMoreInteractions();
		assertThat(output).contains("cannot be sent yet: " + failure.getMessage());
	}

	private void sweep() {
		new OrderSweep(this.orders, this.service, Duration.ZERO).sendMissingMessages();
	}

}
