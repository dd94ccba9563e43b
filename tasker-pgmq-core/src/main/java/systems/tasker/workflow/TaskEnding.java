/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Brings tasks to an end. Locks are taken in the order that all programs keep: the task,
 * then its steps by UUID.
 */
final class TaskEnding {

	private final WorkflowSession session;

	private final TaskTransitions tasks;

	private final StepTransitions steps;

	TaskEnding(WorkflowSession session, TaskTransitions tasks, StepTransitions steps) {
		this.session = session;
		this.tasks = tasks;
		this.steps = steps;
	}

	TaskState finalizeTask(UUID task, @Nullable UUID processor) {
		return this.session.transactions().call(() -> {
			TaskState state = lockedState(task);
			TaskState target = target(task);
			if (state.isFinal() || target == null || target == state) {
				return state;
			}
			walk(task, state, target, processor);
			return target;
		});
	}

	boolean cancel(UUID task, @Nullable UUID processor) {
		return this.session.transactions().call(() -> {
			TaskState state = lockedState(task);
			if (state.isFinal()) {
				return false;
			}
			this.session.jdbc().sql("""
					select s.workflow_step_uuid from tasker.workflow_steps s where s.task_uuid = :task
					order by s.workflow_step_uuid for no key update
					""").param("task", task).query(UUID.class).list().forEach(this::cancelStep);
			move(task, state, TaskState.CANCELLED, processor);
			return true;
		});
	}

	// Its state is read now that nobody else can change it.
	private void cancelStep(UUID step) {
		this.steps.state(step)
			.filter((state) -> !state.isFinal())
			.ifPresent(
					(state) -> this.steps.move(step, state, StepState.CANCELLED, StepTransitions.Event.of("Cancel")));
	}

	private TaskState lockedState(UUID task) {
		this.tasks.lock(task);
		return this.tasks.state(task).orElseThrow(() -> IllegalTaskStateException.uninitialized(task));
	}

	private @Nullable TaskState target(UUID task) {
		TaskExecutionContext context = this.session.jdbc().sql("""
				select c.* from tasker.get_task_execution_context(:task::uuid) c
				""").param("task", task).query(TaskExecutionContext::read).single();
		if (context.totalSteps() == 0) {
			return TaskState.COMPLETE;
		}
		return switch (context.executionStatus()) {
			case ALL_COMPLETE -> TaskState.COMPLETE;
			case BLOCKED_BY_FAILURES -> TaskState.BLOCKED_BY_FAILURES;
			default -> null;
		};
	}

	private void walk(UUID task, TaskState from, TaskState to, @Nullable UUID processor) {
		TaskState current = from;
		for (TaskState next : route(task, from, to)) {
			move(task, current, next, processor);
			current = next;
		}
	}

	private void move(UUID task, TaskState from, TaskState to, @Nullable UUID processor) {
		Assert.state(this.tasks.move(task, from, to, processor, TaskTransitions.NO_METADATA),
				() -> "Task %s has left %s while it was locked".formatted(task, from.sqlName()));
	}

	private static List<TaskState> route(UUID task, TaskState from, TaskState to) {
		return switch (from) {
			case INITIALIZING -> (to == TaskState.COMPLETE) ? List.of(to)
					: List.of(TaskState.WAITING_FOR_DEPENDENCIES, TaskState.EVALUATING_RESULTS, to);
			case ENQUEUING_STEPS -> List.of(TaskState.STEPS_IN_PROCESS, TaskState.EVALUATING_RESULTS, to);
			case STEPS_IN_PROCESS, WAITING_FOR_DEPENDENCIES -> List.of(TaskState.EVALUATING_RESULTS, to);
			case EVALUATING_RESULTS -> List.of(to);
			case WAITING_FOR_RETRY ->
				List.of(TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS, TaskState.EVALUATING_RESULTS, to);
			default -> throw IllegalTaskStateException.noRoute(task, from, to);
		};
	}

}
