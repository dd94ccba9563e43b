/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;

class PaymentWorker {

	private final TaskerMessages messages;

	private final MessagingService messaging;

	PaymentWorker(TaskerMessages messages, MessagingService messaging) {
		this.messages = messages;
		this.messaging = messaging;
	}

	void requestTask(long order) {
		TaskRequest request = TaskRequest.builder("charge_order", "payments", "1.0.0")
			.context(Map.of("order_id", order))
			.initiator("user:alice")
			.sourceSystem("shop")
			.reason("New order")
			.idempotencyKey("order-" + order)
			.build();
		this.messages.requestTask(TaskRequestMessage.of(request, "checkout"));
	}

	void work() {
		for (QueuedMessage<StepMessage> message : this.messages.receiveSteps("payments", 10, Duration.ofMinutes(1))) {
			Instant startedAt = Instant.now();
			StepMessage step = message.payload();
			Object charged = charge(step);
			StepExecutionMetadata metadata = StepExecutionMetadata.of(startedAt, Instant.now(), false)
				.withWorker("worker-7", "host-a");
			this.messages.sendStepResult("payments", StepExecutionResult.completed(step.stepUuid(), charged, metadata));
			this.messaging.ackMessage(message.queue(), message.handle());
		}
	}

	private Object charge(StepMessage step) {
		return Map.of("payment_id", "pay_" + step.stepUuid());
	}

}
