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
		if (state.isOver()) {
			return new TaskProgress(state, List.of());
		}
		TaskExecutionContext context = this.ending.context(task);
		TaskState end = this.ending.end(task, state, context, processor);
		if (end.isOver()) {
			return new TaskProgress(end, List.of());
		}
		List<StepMessage> enqueued = (context.readySteps() > 0) ? this.steps.enqueueReady(task) : List.of();
		boolean isWorkedOn = !enqueued.isEmpty() || context.inProgressSteps() + context.enqueuedSteps() > 0;
		boolean isRetrying = hasOtherSteps(context) && this.steps.waitForRetry(task);
		TaskState target = target(state, isWorkedOn, isRetrying);
		boolean isWaiting = state == TaskState.WAITING_FOR_DEPENDENCIES && !isWorkedOn;
		if (enqueued.isEmpty() && (state == target || isWaiting)) {
			return new TaskProgress(state, enqueued);
		}
		this.tasks.walk(task, state, way(state, target, !enqueued.isEmpty()), processor);
		return new TaskProgress(target, enqueued);
	}

	// Discovery does not look where steps are in process: a retry would have to wait for
	// them. A step that will never run, as behind one that was cancelled, is no retry.
	private static TaskState target(TaskState state, boolean isWorkedOn, boolean isRetrying) {
		if (isRetrying && (isWorkedOn || !isDeciding(state))) {
			return TaskState.WAITING_FOR_RETRY;
		}
		return isWorkedOn ? TaskState.STEPS_IN_PROCESS : TaskState.WAITING_FOR_DEPENDENCIES;
	}

	// An edge leads from here to where discovery finds the task again: no need of others.
	private static boolean isDeciding(TaskState state) {
		return state == TaskState.INITIALIZING || state == TaskState.EVALUATING_RESULTS;
	}

	private static List<TaskState> way(TaskState state, TaskState target, boolean enqueues) {
		if (target == TaskState.WAITING_FOR_DEPENDENCIES && isDeciding(state)) {
			return List.of(target);
		}
		List<TaskState> way = new ArrayList<>();
		if (enqueues || state != TaskState.STEPS_IN_PROCESS) {
			way.addAll(wayToWorkers(state));
		}
		if (target == TaskState.WAITING_FOR_DEPENDENCIES) {
			way.add(TaskState.EVALUATING_RESULTS);
		}
		if (target != TaskState.STEPS_IN_PROCESS) {
			way.add(target);
		}
		return way;
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

	private static List<TaskState> wayToWorkers(TaskState state) {
		return switch (state) {
			case STEPS_IN_PROCESS, WAITING_FOR_DEPENDENCIES ->
				List.of(TaskState.EVALUATING_RESULTS, TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
			case ENQUEUING_STEPS -> List.of(TaskState.STEPS_IN_PROCESS);
			default -> List.of(TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
		};
	}

}
