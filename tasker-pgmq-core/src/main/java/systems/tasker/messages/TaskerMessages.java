/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.Duration;
import java.util.List;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.Namespace;
import systems.tasker.messaging.QueuedMessage;

/**
 * Sends and receives the messages of Tasker, each over the queue that the
 * {@link MessageRouter} names. As {@link MessagingService} does: a send joins the
 * caller's transaction, a receive returns at once, and what was received is settled
 * there, by {@link QueuedMessage#queue()} and {@link QueuedMessage#handle()}.
 * <p>
 * Errors are those of {@link MessagingService}. A namespace that breaks the rule of
 * {@link Namespace} is an {@link InvalidQueueNameException}. Queues are not created.
 */
public final class TaskerMessages {

	private final MessagingService messaging;

	private final MessageRouter router;

	/**
	 * Send and receive over a service.
	 * @param messaging carries the messages
	 * @param router names their queues
	 */
	public TaskerMessages(MessagingService messaging, MessageRouter router) {
		this.messaging = messaging;
		this.router = router;
	}

	/**
	 * Tell the workers of a namespace that a step is ready.
	 * @param namespace the namespace of the task
	 * @param step the step
	 * @return the id of the message
	 */
	public MessageId sendStep(String namespace, StepMessage step) {
		return this.messaging.sendMessage(this.router.stepQueue(namespace), step);
	}

	/**
	 * Claim steps that are ready.
	 * @param namespace the namespace of the tasks
	 * @param max the largest number of steps to claim, 1 to 10,000
	 * @param visibilityTimeout how long other workers do not see them
	 * @return the steps
	 */
	public List<QueuedMessage<StepMessage>> receiveSteps(String namespace, int max, Duration visibilityTimeout) {
		return this.messaging.receiveMessages(this.router.stepQueue(namespace), StepMessage.class, max,
				visibilityTimeout);
	}

	/**
	 * Tell the orchestration what became of a step.
	 * @param result the result
	 * @return the id of the message
	 * @throws IllegalStateException if results have a queue for each namespace
	 */
	public MessageId sendStepResult(StepExecutionResult result) {
		return this.messaging.sendMessage(this.router.resultQueue(), result);
	}

	/**
	 * Tell the orchestration what became of a step, however results are queued.
	 * @param namespace the namespace of the task
	 * @param result the result
	 * @return the id of the message
	 */
	public MessageId sendStepResult(String namespace, StepExecutionResult result) {
		return this.messaging.sendMessage(this.router.resultQueue(namespace), result);
	}

	/**
	 * Claim results of steps.
	 * @param max the largest number of results to claim, 1 to 10,000
	 * @param visibilityTimeout how long others do not see them
	 * @return the results
	 * @throws IllegalStateException if results have a queue for each namespace
	 */
	public List<QueuedMessage<StepExecutionResult>> receiveStepResults(int max, Duration visibilityTimeout) {
		return this.messaging.receiveMessages(this.router.resultQueue(), StepExecutionResult.class, max,
				visibilityTimeout);
	}

	/**
	 * Claim results of steps of a namespace, or of all when they share a queue.
	 * @param namespace the namespace of the tasks
	 * @param max the largest number of results to claim, 1 to 10,000
	 * @param visibilityTimeout how long others do not see them
	 * @return the results
	 */
	public List<QueuedMessage<StepExecutionResult>> receiveStepResults(String namespace, int max,
			Duration visibilityTimeout) {
		return this.messaging.receiveMessages(this.router.resultQueue(namespace), StepExecutionResult.class, max,
				visibilityTimeout);
	}

	/**
	 * Ask the orchestration to create a task.
	 * @param request the request
	 * @return the id of the message
	 */
	public MessageId requestTask(TaskRequestMessage request) {
		return this.messaging.sendMessage(this.router.taskRequestQueue(), request);
	}

	/**
	 * Claim requests for tasks.
	 * @param max the largest number of requests to claim, 1 to 10,000
	 * @param visibilityTimeout how long others do not see them
	 * @return the requests
	 */
	public List<QueuedMessage<TaskRequestMessage>> receiveTaskRequests(int max, Duration visibilityTimeout) {
		return this.messaging.receiveMessages(this.router.taskRequestQueue(), TaskRequestMessage.class, max,
				visibilityTimeout);
	}

	/**
	 * Ask the orchestration to finalize a task.
	 * @param finalization the task
	 * @return the id of the message
	 */
	public MessageId finalizeTask(TaskFinalizationMessage finalization) {
		return this.messaging.sendMessage(this.router.taskFinalizationQueue(), finalization);
	}

	/**
	 * Claim tasks to finalize.
	 * @param max the largest number of tasks to claim, 1 to 10,000
	 * @param visibilityTimeout how long others do not see them
	 * @return the tasks
	 */
	public List<QueuedMessage<TaskFinalizationMessage>> receiveTaskFinalizations(int max, Duration visibilityTimeout) {
		return this.messaging.receiveMessages(this.router.taskFinalizationQueue(), TaskFinalizationMessage.class, max,
				visibilityTimeout);
	}

}
