/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.List;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.StepMessage;
import systems.tasker.messages.TaskRequest;
import systems.tasker.workflow.ExecutionStatus;
import systems.tasker.workflow.TaskState;
import systems.tasker.workflow.TaskerDatabase;

/**
 * Decides what comes next: hands steps that are ready to the workers, settles their
 * results, and ends tasks. To be told the same thing twice does no harm.
 */
@Component
class Orchestrator {

	private static final Logger logger = LoggerFactory.getLogger(Orchestrator.class);

	private final TaskerDatabase tasker;

	private final JdbcClient jdbcClient;

	private final Outbox outbox;

	private final String stepQueue;

	Orchestrator(TaskerDatabase tasker, @TaskerDataSource JdbcClient jdbcClient, Outbox outbox, MessageRouter router) {
		this.tasker = tasker;
		this.jdbcClient = jdbcClient;
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
		advance(new Task(task, request.correlationId()), messages);
		return task;
	}

	/**
	 * Settle the result of a step, and let its task go on.
	 * @param step a step; nothing is done if it has no result, or it was settled before
	 */
	void settle(UUID step) {
		this.outbox.commitAndSend((messages) -> {
			Task task = lockTaskOf(step);
			return this.tasker.steps().settle(step).map((state) -> {
				logger.debug("Step {} is {}", step, state);
				advance(task, messages);
				return state;
			});
		});
	}

	/**
	 * Let a task go on that has waited for a retry.
	 * @param task the task
	 */
	void resume(UUID task) {
		this.outbox.commitAndSend((messages) -> {
			Task locked = lock(task);
			advance(locked, messages);
			return locked;
		});
	}

	private void advance(Task task, Outbox.Messages messages) {
		TaskState state = this.tasker.tasks().finalizeTask(task.taskUuid(), null);
		if (state.isFinal() || state == TaskState.BLOCKED_BY_FAILURES) {
			logger.debug("Task {} is {}", task.taskUuid(), state);
			return;
		}
		List<UUID> steps = this.tasker.steps().enqueueReady(task.taskUuid());
		if (!steps.isEmpty()) {
			walk(task, state, wayToWorkers(state));
			steps.forEach((step) -> messages.add(this.stepQueue,
					new StepMessage(task.taskUuid(), step, task.correlationId())));
		}
		else if (state == TaskState.STEPS_IN_PROCESS && isWaiting(task)) {
			walk(task, state, List.of(TaskState.WAITING_FOR_RETRY));
		}
	}

	private boolean isWaiting(Task task) {
		return this.tasker.tasks()
			.executionContext(task.taskUuid())
			.executionStatus() == ExecutionStatus.WAITING_FOR_DEPENDENCIES;
	}

	private void walk(Task task, TaskState from, List<TaskState> way) {
		TaskState current = from;
		for (TaskState next : way) {
			Assert.state(this.tasker.tasks().transition(task.taskUuid(), current, next), "The task was not locked");
			current = next;
		}
	}

	private static List<TaskState> wayToWorkers(TaskState state) {
		return switch (state) {
			case PENDING -> List.of(TaskState.INITIALIZING, TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
			case STEPS_IN_PROCESS, WAITING_FOR_DEPENDENCIES ->
				List.of(TaskState.EVALUATING_RESULTS, TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
			case ENQUEUING_STEPS -> List.of(TaskState.STEPS_IN_PROCESS);
			default -> List.of(TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
		};
	}

	// Before its steps, which is the order that all programs keep.
	private Task lockTaskOf(UUID step) {
		return this.jdbcClient.sql("""
				select t.task_uuid, t.correlation_id
				from tasker.workflow_steps s
				join tasker.tasks t on t.task_uuid = s.task_uuid
				where s.workflow_step_uuid = :step
				for no key update of t
				""").param("step", step).query(Task.class).optional().orElseThrow(() -> new UnknownStepException(step));
	}

	private Task lock(UUID task) {
		return this.jdbcClient.sql("""
				select t.task_uuid, t.correlation_id from tasker.tasks t where t.task_uuid = :task for no key update
				""").param("task", task).query(Task.class).single();
	}

	/**
	 * A task that nobody else changes.
	 *
	 * @param taskUuid the task
	 * @param correlationId ties together what belongs to its request
	 */
	record Task(UUID taskUuid, UUID correlationId) {

	}

}
