/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.StepMessage;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueStats;
import systems.tasker.workflow.StepState;

/**
 * Sends the messages of steps again that got lost, so that an outage of the queues delays
 * orders and loses none. Several instances may do so at the same time: the first message
 * to arrive wins.
 */
@Component
class MessageSweep {

	private static final Logger logger = LoggerFactory.getLogger(MessageSweep.class);

	private static final int BATCH = 5_000;

	private final StalledSteps stalledSteps;

	private final MessagingService messaging;

	private final String queue;

	private final Duration age;

	private volatile Instant pauseUntil = Instant.MIN;

	MessageSweep(StalledSteps stalledSteps, MessagingService messaging, MessageRouter router,
			FulfilmentProperties properties) {
		this.stalledSteps = stalledSteps;
		this.messaging = messaging;
		this.queue = router.stepQueue(FulfilmentTemplate.NAMESPACE);
		this.age = properties.sweep().age();
	}

	@Scheduled(initialDelayString = "${orders.sweep.interval}", fixedDelayString = "${orders.sweep.interval}")
	void sendMissingMessages() {
		try {
			if (Instant.now().isBefore(this.pauseUntil) || hasOldMessages()) {
				return;
			}
			List<StepMessage> missing = this.stalledSteps.find(this.age, BATCH, StepState.ENQUEUED);
			if (!missing.isEmpty()) {
				this.messaging.sendBatch(this.queue, missing);
				// Workers get time to claim them, or they would be sent again.
				this.pauseUntil = Instant.now().plus(this.age);
				logger.info("Sent {} messages that had been missing", missing.size());
			}
		}
		catch (MessagingException | DataAccessException | TransactionException ex) {
			logger.warn("Missing messages cannot be sent yet: {}", ex.getMessage());
		}
	}

	// As long as it has, workers are behind, and the messages of old steps may be there.
	private boolean hasOldMessages() {
		QueueStats stats = this.messaging.queueStats(this.queue);
		return stats.oldestAge().map((oldest) -> oldest.compareTo(this.age) >= 0).orElse(false);
	}

}
