/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import systems.tasker.workflow.StepTransitions.Event;

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
			TaskState state = this.tasks.lockedState(task);
			if (state == TaskState.PENDING) {
				throw IllegalTaskStateException.pending(task);
			}
			return end(task, state, context(task), processor);
		});
	}

	boolean cancel(UUID task, @Nullable UUID processor) {
		return this.session.transactions().call(() -> {
			TaskState state = this.tasks.lockedState(task);
			if (state.isFinal()) {
				return false;
			}
			cancelSteps(task);
			this.tasks.walk(task, state, List.of(TaskState.CANCELLED), processor);
			return true;
		});
	}

	boolean resolveManually(UUID task, @Nullable UUID processor) {
		return this.session.transactions().call(() -> {
			TaskState state = this.tasks.lockedState(task);
			return !state.isFinal() && this.tasks.move(task, state, TaskState.RESOLVED_MANUALLY, processor);
		});
	}

	boolean giveUp(UUID task, @Nullable UUID processor) {
		return this.session.transactions().call(() -> {
			this.tasks.lock(task);
			return this.tasks.move(task, TaskState.BLOCKED_BY_FAILURES, TaskState.ERROR, processor);
		});
	}

	// Their states are read now that nobody else can change them.
	private void cancelSteps(UUID task) {
		this.session.jdbc().sql("""
				select s.workflow_step_uuid from tasker.workflow_steps s where s.task_uuid = :task
				order by s.workflow_step_uuid for no key update
				""").param("task", task).query(UUID.class).list();
		record Current(UUID step, StepState state) {
		}
		this.session.jdbc()
			.sql("""
					select s.workflow_step_uuid, tr.to_state
					from tasker.workflow_steps s
					join tasker.workflow_step_transitions tr
					  on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
					where s.task_uuid = :task
					order by s.workflow_step_uuid
					""")
			.param("task", task)
			.query((row, number) -> new Current(Rows.uuid(row, "workflow_step_uuid"),
					StepState.of(row.getString("to_state"))))
			.list()
			.stream()
			.filter((current) -> !current.state().isFinal())
			.forEach((current) -> this.steps.move(current.step(), current.state(), StepState.CANCELLED,
					Event.of("Cancel")));
	}

	// End a locked task if its steps say so, and return its state.
	TaskState end(UUID task, TaskState state, TaskExecutionContext context, @Nullable UUID processor) {
		TaskState target = target(context);
		if (state.isFinal() || target == null || target == state) {
			return state;
		}
		this.tasks.walk(task, state, route(task, state, target), processor);
		return target;
	}

	TaskExecutionContext context(UUID task) {
		return this.session.jdbc()
			.sql("""
					select c.* from tasker.get_task_execution_context(:task::uuid) c
					""")
			.param("task", task)
			.query(TaskExecutionContext::read)
			.optional()
			.orElseThrow(() -> TaskerNotFoundException.task(task));
	}

	private static @Nullable TaskState target(TaskExecutionContext context) {
		if (context.totalSteps() == 0) {
			return TaskState.COMPLETE;
		}
		return switch (context.executionStatus()) {
			case ALL_COMPLETE -> TaskState.COMPLETE;
			case BLOCKED_BY_FAILURES -> TaskState.BLOCKED_BY_FAILURES;
			default -> null;
		};
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
