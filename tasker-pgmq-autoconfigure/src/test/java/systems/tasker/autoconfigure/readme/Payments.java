/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.readme;

import java.time.Duration;

import org.springframework.stereotype.Component;

import systems.tasker.messaging.MessagingService;

@Component
class Payments {

	private final MessagingService messaging;

	Payments(MessagingService messaging) {
		this.messaging = messaging;
	}

	void request(Payment payment) {
		this.messaging.sendMessage("payments", payment);
	}

	void work() {
		this.messaging.receiveMessages("payments", Payment.class, 10, Duration.ofSeconds(30)).forEach((message) -> {
			charge(message.payload());
			this.messaging.ackMessage("payments", message.handle());
		});
	}

	private void charge(Payment payment) {
		// A failure here brings the message back after 30 seconds.
	}

}
