/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.TaskRequest;
import systems.tasker.workflow.TaskProgress;
import systems.tasker.workflow.TaskerDatabase;

/**
 * Decides what comes next: hands steps that are ready to the workers, settles their
 * results, and ends tasks. To be told the same thing twice does no harm.
 */
@Component
class Orchestrator {

	private static final Logger logger = LoggerFactory.getLogger(Orchestrator.class);

	private final TaskerDatabase tasker;

	private final Outbox outbox;

	private final String stepQueue;

	Orchestrator(TaskerDatabase tasker, Outbox outbox, MessageRouter router) {
		this.tasker = tasker;
		this.outbox = outbox;
		this.stepQueue = router.stepQueue(FulfilmentTemplate.NAMESPACE);
	}

	/**
	 * Create a task and hand its first steps to the workers, in the transaction of the
	 * caller.
	 * @param request what is wanted
	 * @param messages takes the messages to the workers
	 * @return the task
	 */
	UUID start(TaskRequest request, Outbox.Messages messages) {
		UUID task = this.tasker.tasks().create(request);
		advance(task, messages);
		return task;
	}

	/**
	 * Settle the result of a step, and let its task go on.
	 * @param step a step; once too often does no harm
	 */
	void settle(UUID step) {
		this.outbox.commitAndSend((messages) -> {
			TaskProgress progress = this.tasker.tasks().settleAndAdvance(step, null);
			logger.debug("Step {} is settled, its task is {}", step, progress.state());
			handOut(progress, messages);
			return step;
		});
	}

	/**
	 * Let a task go on that has waited for a retry.
	 * @param task the task
	 */
	void resume(UUID task) {
		this.outbox.commitAndSend((messages) -> {
			advance(task, messages);
			return task;
		});
	}

	private void advance(UUID task, Outbox.Messages messages) {
		TaskProgress progress = this.tasker.tasks().advance(task, null);
		logger.debug("Task {} is {}", task, progress.state());
		handOut(progress, messages);
	}

	private void handOut(TaskProgress progress, Outbox.Messages messages) {
		progress.enqueued().forEach((step) -> messages.add(this.stepQueue, step));
	}

}
