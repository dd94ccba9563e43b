/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import systems.tasker.messages.StepMessage;

/**
 * Lets tasks go on: looks at the steps of one, and takes it where they want it.
 */
final class TaskAdvancement {

	private final WorkflowSession session;

	private final TaskTransitions tasks;

	private final StepEnqueueing steps;

	private final ResultSettlement settlement;

	private final TaskEnding ending;

	TaskAdvancement(WorkflowSession session, TaskTransitions tasks, StepTransitions steps, ResultSettlement settlement,
			TaskEnding ending) {
		this.session = session;
		this.tasks = tasks;
		this.steps = new StepEnqueueing(session, steps);
		this.settlement = settlement;
		this.ending = ending;
	}

	TaskProgress advance(UUID task, @Nullable UUID processor) {
		return this.session.transactions().call(() -> {
			this.tasks.lock(task);
			return advanceLocked(task, processor);
		});
	}

	TaskProgress settleAndAdvance(UUID step, @Nullable UUID processor) {
		return this.session.transactions().call(() -> {
			UUID task = this.tasks.lockTaskOf(step);
			this.settlement.settle(step);
			return advanceLocked(task, processor);
		});
	}

	private TaskProgress advanceLocked(UUID task, @Nullable UUID processor) {
		TaskState state = begin(task, this.tasks.requireState(task), processor);
		if (isOver(state)) {
			return new TaskProgress(state, List.of());
		}
		TaskExecutionContext context = this.ending.context(task);
		TaskState end = this.ending.end(task, state, context, processor);
		if (isOver(end)) {
			return new TaskProgress(end, List.of());
		}
		List<StepMessage> enqueued = (context.readySteps() > 0) ? this.steps.enqueueReady(task) : List.of();
		List<TaskState> way = new ArrayList<>(
				enqueued.isEmpty() ? wayWithoutReadySteps(state, context.executionStatus()) : wayToWorkers(state));
		if (endOf(way, state) == TaskState.STEPS_IN_PROCESS && hasOtherSteps(context)
				&& this.steps.waitForRetry(task)) {
			// Discovery does not look where steps are in process: a retry would have to
			// wait for them.
			if (state == TaskState.WAITING_FOR_RETRY && enqueued.isEmpty()) {
				return new TaskProgress(state, enqueued);
			}
			way.add(TaskState.WAITING_FOR_RETRY);
		}
		this.tasks.walk(task, state, way, processor);
		return new TaskProgress(endOf(way, state), enqueued);
	}

	private static TaskState endOf(List<TaskState> way, TaskState state) {
		return way.isEmpty() ? state : way.get(way.size() - 1);
	}

	// Steps that wait for a retry are not counted by themselves, nor are cancelled ones.
	private static boolean hasOtherSteps(TaskExecutionContext context) {
		return context.totalSteps() > context.pendingSteps() + context.inProgressSteps() + context.completedSteps()
				+ context.failedSteps() + context.enqueuedSteps();
	}

	private TaskState begin(UUID task, TaskState state, @Nullable UUID processor) {
		if (state != TaskState.PENDING) {
			return state;
		}
		this.tasks.walk(task, state, List.of(TaskState.INITIALIZING), processor);
		return TaskState.INITIALIZING;
	}

	// Steps repaired by hand do not set a blocked task in motion again.
	private static boolean isOver(TaskState state) {
		return state.isFinal() || state == TaskState.BLOCKED_BY_FAILURES;
	}

	private static List<TaskState> wayToWorkers(TaskState state) {
		return switch (state) {
			case STEPS_IN_PROCESS, WAITING_FOR_DEPENDENCIES ->
				List.of(TaskState.EVALUATING_RESULTS, TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
			case ENQUEUING_STEPS -> List.of(TaskState.STEPS_IN_PROCESS);
			default -> List.of(TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
		};
	}

	// Discovery finds a task again only where it waits.
	private static List<TaskState> wayWithoutReadySteps(TaskState state, ExecutionStatus status) {
		return switch (state) {
			case INITIALIZING, EVALUATING_RESULTS -> (status == ExecutionStatus.PROCESSING) ? wayToWorkers(state)
					: List.of(TaskState.WAITING_FOR_DEPENDENCIES);
			case ENQUEUING_STEPS -> (status == ExecutionStatus.PROCESSING) ? wayToWorkers(state)
					: List.of(TaskState.STEPS_IN_PROCESS, TaskState.WAITING_FOR_RETRY);
			case STEPS_IN_PROCESS ->
				(status == ExecutionStatus.PROCESSING) ? List.of() : List.of(TaskState.WAITING_FOR_RETRY);
			case WAITING_FOR_RETRY -> (status == ExecutionStatus.PROCESSING) ? wayToWorkers(state) : List.of();
			default -> List.of();
		};
	}

}
