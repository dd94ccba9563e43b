/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import systems.tasker.workflow.StepTransitions.Event;

/**
 * Steps, from the side of the orchestration: which are ready, handing them to workers,
 * and what becomes of their results.
 */
public final class Steps {

	private final WorkflowSession session;

	private final StepTransitions transitions;

	private final ResultSettlement settlement;

	Steps(WorkflowSession session, StepTransitions transitions, RetryBackoff backoff) {
		this.session = session;
		this.transitions = transitions;
		this.settlement = new ResultSettlement(session, transitions, backoff);
	}

	/**
	 * Return the steps of a task and whether they can run.
	 * @param task the task
	 * @return its steps in the order of UUIDs; none if there is no such task
	 */
	public List<StepReadiness> readiness(UUID task) {
		return readiness(List.of(Arguments.required("task", task)));
	}

	/**
	 * Return the steps of tasks and whether they can run.
	 * @param tasks the tasks
	 * @return their steps in the order of tasks, then steps
	 */
	public List<StepReadiness> readiness(Collection<UUID> tasks) {
		return this.session.jdbc().sql("""
				select r.* from tasker.get_step_readiness_status_batch(:tasks::uuid[]) r
				""").param("tasks", Rows.array("tasks", tasks)).query(StepReadiness::read).list();
	}

	/**
	 * Move a step from one state to another, with the columns that go with the state. A
	 * step that goes from {@code IN_PROGRESS} to {@code WAITING_FOR_RETRY} directly keeps
	 * its mark of being worked on, and is not ready while it has it.
	 * @param step the step
	 * @param from the state the caller has seen
	 * @param to the new state
	 * @param event why; its data becomes the result when the step enters {@code COMPLETE}
	 * or one of the two states for orchestration
	 * @return {@code false} if the step is in another state by now; nothing was written
	 * @throws ForbiddenTransitionException if there is no such edge
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the data cannot be stored as JSON
	 */
	public boolean transition(UUID step, StepState from, StepState to, StepEvent event) {
		Arguments.required("event", event);
		boolean moved = this.transitions.move(Arguments.required("step", step), Arguments.required("from", from),
				Arguments.required("to", to),
				new Event(event.type(), this.session.json().optional("data", event.data()), event.workerUuid()));
		if (!moved) {
			this.transitions.require(step);
		}
		return moved;
	}

	/**
	 * Enqueue a step if it is ready; one that waits for a retry goes through
	 * {@code PENDING}. No message is sent.
	 * @param step the step
	 * @return {@code false} if it is not ready; nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public boolean enqueue(UUID step) {
		Arguments.required("step", step);
		return this.session.transactions().call(() -> {
			this.transitions.lock(step);
			Optional<StepState> ready = this.session.jdbc().sql("""
					select r.current_state
					from tasker.workflow_steps s
					cross join lateral tasker.get_step_readiness_status(s.task_uuid, array[s.workflow_step_uuid]) r
					where s.workflow_step_uuid = :step and r.ready_for_execution
					""").param("step", step).query(String.class).optional().map(StepState::of);
			return ready.isPresent()
					&& (ready.get() == StepState.PENDING
							|| this.transitions.move(step, ready.get(), StepState.PENDING, Event.of("Retry")))
					&& this.transitions.move(step, StepState.PENDING, StepState.ENQUEUED, Event.of("Enqueue"));
		});
	}

	/**
	 * Enqueue all steps of a task that are ready. No messages are sent.
	 * @param task the task
	 * @return the steps that were enqueued, in the order of UUIDs
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public List<UUID> enqueueReady(UUID task) {
		return this.session.transactions().call(() -> {
			List<StepReadiness> steps = readiness(task);
			if (steps.isEmpty()) {
				new TaskTransitions(this.session).require(task);
			}
			return steps.stream()
				.filter(StepReadiness::ready)
				.map(StepReadiness::stepUuid)
				.filter(this::enqueue)
				.toList();
		});
	}

	/**
	 * Decide what becomes of a step whose result was reported. Success completes it. A
	 * failure is tried again if the result says that this can help, or does not say, and
	 * an attempt is left; the pause is what the server asked for, or else grows with the
	 * attempts. Otherwise the step goes into {@code ERROR}.
	 * @param step the step
	 * @return its new state: {@code COMPLETE}, {@code WAITING_FOR_RETRY} or
	 * {@code ERROR}; empty if it has no result to be looked at, and nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public Optional<StepState> settle(UUID step) {
		return this.settlement.settle(Arguments.required("step", step));
	}

	/**
	 * Give a step in {@code ERROR} all of its attempts again.
	 * @param step the step
	 * @return {@code false} if it is in another state; nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public boolean resetForRetry(UUID step) {
		Arguments.required("step", step);
		return this.session.transactions().call(() -> {
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

	/**
	 * Settle a step by hand without a result, whatever its state. Its children may run.
	 * @param step the step
	 * @return {@code false} if another program has not initialized it
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public boolean resolveManually(UUID step) {
		return correct(step, StepState.RESOLVED_MANUALLY, Event.of("ResolveManually"));
	}

	/**
	 * Complete a step by hand, whatever its state. Its children may run.
	 * @param step the step
	 * @param results its result: anything the mapper encodes
	 * @return {@code false} if another program has not initialized it
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the result cannot be stored as JSON
	 */
	public boolean completeManually(UUID step, @Nullable Object results) {
		return correct(step, StepState.COMPLETE,
				Event.of("CompleteManually", this.session.json().optional("results", results)));
	}

	private boolean correct(UUID step, StepState to, Event event) {
		Arguments.required("step", step);
		return this.session.transactions().call(() -> {
			this.transitions.lock(step);
			return this.transitions.state(step)
				.map((state) -> this.transitions.move(step, state, to, event))
				.orElse(false);
		});
	}

}
