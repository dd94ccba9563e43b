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
 * Changes single steps as a caller wants it. The task is locked before the step, as all
 * programs do, so that the caller may let it go on in the same transaction.
 */
final class StepChanges {

	private final WorkflowSession session;

	private final TaskTransitions tasks;

	private final StepTransitions transitions;

	private final StepEnqueueing enqueueing;

	private final ResultSettlement settlement;

	StepChanges(WorkflowSession session, TaskTransitions tasks, StepTransitions transitions, StepEnqueueing enqueueing,
			ResultSettlement settlement) {
		this.session = session;
		this.tasks = tasks;
		this.transitions = transitions;
		this.enqueueing = enqueueing;
		this.settlement = settlement;
	}

	boolean move(UUID step, StepState from, StepState to, @Nullable String data) {
		return this.session.transactions().call(() -> {
			UUID task = this.tasks.lockTaskOf(step);
			this.transitions.lock(step);
			if (from == StepState.PENDING && (to == StepState.ENQUEUED || to == StepState.IN_PROGRESS)
					&& !mayBegin(task, step)) {
				return false;
			}
			boolean moved = this.transitions.move(step, from, to, Event.of(event(from, to), data));
			if (moved && to == StepState.WAITING_FOR_RETRY) {
				this.settlement.pause(step);
			}
			return moved;
		});
	}

	private boolean mayBegin(UUID task, UUID step) {
		return !this.tasks.isOver(task) && this.enqueueing.readiness(task, List.of(step))
			.stream()
			.allMatch(StepReadiness::dependenciesSatisfied);
	}

	private static String event(StepState from, StepState to) {
		return switch (to) {
			case PENDING -> "Retry";
			case ENQUEUED -> "Enqueue";
			case IN_PROGRESS -> "Start";
			case ENQUEUED_FOR_ORCHESTRATION -> "EnqueueForOrchestration";
			case ENQUEUED_AS_ERROR_FOR_ORCHESTRATION -> "EnqueueAsErrorForOrchestration";
			case WAITING_FOR_RETRY -> "WaitForRetry";
			case COMPLETE -> switch (from) {
				case IN_PROGRESS, ENQUEUED_FOR_ORCHESTRATION, ENQUEUED_AS_ERROR_FOR_ORCHESTRATION -> "Complete";
				default -> "CompleteManually";
			};
			case ERROR -> "Fail";
			case CANCELLED -> "Cancel";
			case RESOLVED_MANUALLY -> "ResolveManually";
		};
	}

	boolean resetForRetry(UUID step) {
		return this.session.transactions().call(() -> {
			this.tasks.lockTaskOf(step);
			this.transitions.lock(step);
			boolean moved = this.transitions.move(step, StepState.ERROR, StepState.PENDING, Event.of("ResetForRetry"));
			if (moved) {
				this.session.jdbc().sql("""
						update tasker.workflow_steps s set attempts = 0, updated_at = timezone('utc', now())
						where s.workflow_step_uuid = :step
						""").param("step", step).update();
			}
			return moved;
		});
	}

	// By hand, whatever the state.
	boolean correct(UUID step, StepState to, Event event) {
		return this.session.transactions().call(() -> {
			this.tasks.lockTaskOf(step);
			this.transitions.lock(step);
			return this.transitions.state(step)
				.map((state) -> this.transitions.move(step, state, to, event))
				.orElse(false);
		});
	}

}
