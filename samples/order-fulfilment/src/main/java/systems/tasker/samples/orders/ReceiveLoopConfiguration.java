/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.StepMessage;
import systems.tasker.messages.TaskerMessages;
import systems.tasker.messaging.MessagingService;

/**
 * The two loops that move orders: one does the work of steps, the other looks at what
 * came of it.
 */
@Configuration(proxyBeanMethods = false)
class ReceiveLoopConfiguration {

	@Bean
	ReceiveLoop<StepMessage> steps(StepWorker worker, TaskerMessages messages, MessagingService messaging,
			MessageRouter router, FulfilmentProperties properties) {
		return new ReceiveLoop<>(router.stepQueue(FulfilmentTemplate.NAMESPACE), properties.workers(),
				(max) -> messages.receiveSteps(FulfilmentTemplate.NAMESPACE, max, properties.visibilityTimeout()),
				worker::work, messaging);
	}

	@Bean
	ReceiveLoop<StepExecutionResult> results(Orchestrator orchestrator, TaskerMessages messages,
			MessagingService messaging, MessageRouter router, FulfilmentProperties properties) {
		return new ReceiveLoop<>(router.resultQueue(FulfilmentTemplate.NAMESPACE), properties.workers(),
				(max) -> messages.receiveStepResults(FulfilmentTemplate.NAMESPACE, max, properties.visibilityTimeout()),
				(result) -> orchestrator.settle(result.stepUuid()), messaging);
	}

}
