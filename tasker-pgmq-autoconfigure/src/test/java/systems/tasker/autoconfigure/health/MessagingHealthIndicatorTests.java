/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.messaging.MessagingService;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class MessagingHealthIndicatorTests {

	@Test
	void whoIsInterruptedWhileItWaitsStaysInterrupted() {
		CountDownLatch silence = new CountDownLatch(1);
		MessagingService messaging = mock(MessagingService.class);
		given(messaging.providerName()).willReturn("silent");
		given(messaging.healthCheck()).willAnswer((invocation) -> {
			silence.await();
			throw new IllegalStateException("too late");
		});
		MessagingHealthIndicator indicator = new MessagingHealthIndicator(messaging, Optional::empty, Status.DOWN,
				(health) -> {
				}, new BoundedProbes());
		Thread.currentThread().interrupt();
		Health health = indicator.health();
		assertThat(Thread.interrupted()).isTrue();
		silence.countDown();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails().get("error").toString()).startsWith(InterruptedException.class.getName());
	}

}
