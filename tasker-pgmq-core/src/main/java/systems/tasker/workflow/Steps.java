/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import systems.tasker.messages.StepMessage;
import systems.tasker.workflow.StepTransitions.Event;

/**
 * Steps, from the side of the orchestration: which are ready, handing them to workers,
 * and what becomes of their results.
 */
public final class Steps {

	private final WorkflowSession session;

	private final TaskTransitions tasks;

	private final StepTransitions transitions;

	private final StepEnqueueing enqueueing;

	private final ResultSettlement settlement;

	private final StepChanges changes;

	Steps(WorkflowSession session, TaskTransitions tasks, StepTransitions transitions, ResultSettlement settlement) {
		this.session = session;
		this.tasks = tasks;
		this.transitions = transitions;
		this.enqueueing = new StepEnqueueing(session, transitions);
		this.settlement = settlement;
		this.changes = new StepChanges(session, tasks, transitions, this.enqueueing, settlement);
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
	 * Enqueue a step if it is ready; one that waits for a retry goes through
	 * {@code PENDING}. No message is sent.
	 * @param step the step
	 * @return what a message to the workers says, empty if the step is not ready, or its
	 * task is final or blocked by failures; nothing was written then
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public Optional<StepMessage> enqueue(UUID step) {
		Arguments.required("step", step);
		return this.session.transactions().call(() -> {
			if (this.tasks.isOver(this.tasks.lockTaskOf(step))) {
				return Optional.empty();
			}
			this.transitions.lock(step);
			return this.enqueueing.enqueue(this.session.jdbc().sql("""
					select s.task_uuid, s.workflow_step_uuid as step_uuid, t.correlation_id
					from tasker.workflow_steps s
					join tasker.tasks t on t.task_uuid = s.task_uuid
					where s.workflow_step_uuid = :step
					""").param("step", step).query(StepMessage.class).list()).stream().findFirst();
		});
	}

	/**
	 * Enqueue all steps of a task that are ready. No messages are sent.
	 * @param task the task
	 * @return what messages to the workers say, one for each step that was enqueued, in
	 * the order of their UUIDs; none if the task is final or blocked by failures
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public List<StepMessage> enqueueReady(UUID task) {
		Arguments.required("task", task);
		return this.session.transactions().call(() -> {
			this.tasks.lock(task);
			return this.tasks.isOver(task) ? List.of() : this.enqueueing.enqueueReady(task);
		});
	}

	/**
	 * Find steps that nobody may be working on any more: a message or a worker got lost,
	 * or discovery has given up. Tasks that are final, or blocked by failures, are left
	 * out. Nothing is locked, so a step may have moved on already: all operations that
	 * help one look at its state again.
	 * @param namespace the namespace of the tasks
	 * @param ages for how long a step must be in a state to be found, for each state to
	 * look for
	 * @param limit how many steps at most
	 * @return the steps, those that are longest in their state first
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public List<StalledStep> stalled(String namespace, Map<StepState, Duration> ages, int limit) {
		Arguments.required("namespace", namespace);
		String states = Rows.array("ages", Arguments.required("ages", ages).keySet(), StepState::sqlName);
		String seconds = Rows.array("ages", ages.values(), (age) -> age.toMillis() / 1000.0);
		Arguments.notNegative("limit", limit);
		// "limit 1" is a fence as in step readiness: few tasks are open, and most states
		// are those of tasks that are not.
		return this.session.jdbc()
			.sql("""
					select s.workflow_step_uuid, s.task_uuid, t.correlation_id, tr.to_state,
					  coalesce(s.attempts, 0) as attempts
					from tasker.task_namespaces n
					join tasker.named_tasks nt on nt.task_namespace_uuid = n.task_namespace_uuid
					join tasker.tasks t on t.named_task_uuid = nt.named_task_uuid and t.complete = false
					cross join lateral (
					  select c.to_state
					  from tasker.task_transitions c
					  where c.task_uuid = t.task_uuid and c.most_recent = true
					  limit 1) task
					join tasker.workflow_steps s on s.task_uuid = t.task_uuid
					cross join lateral (
					  select c.to_state, c.created_at
					  from tasker.workflow_step_transitions c
					  where c.workflow_step_uuid = s.workflow_step_uuid and c.most_recent = true
					  limit 1) tr
					join unnest(:states::text[], :seconds::double precision[]) as age (state, seconds)
					  on age.state = tr.to_state
					where n.name = :namespace
					  and task.to_state not in (
					    'complete', 'error', 'cancelled', 'resolved_manually', 'blocked_by_failures')
					  and tr.created_at <= timezone('utc', now()) - make_interval(secs => age.seconds)
					order by tr.created_at, s.workflow_step_uuid
					limit :limit::integer
					""")
			.param("states", states)
			.param("seconds", seconds)
			.param("namespace", namespace)
			.param("limit", limit)
			.query(StalledStep::read)
			.list();
	}

	/**
	 * Decide what becomes of a step whose result was reported. Success completes it. A
	 * failure is tried again if the result says that this can help, or cannot be read,
	 * and an attempt is left; the pause is what the server or the worker asked for, or
	 * else grows with the attempts. Otherwise the step goes into {@code ERROR}. The task
	 * stays where it is: {@link Tasks#settleAndAdvance} lets it go on as well.
	 * @param step the step
	 * @return its new state: {@code COMPLETE}, {@code WAITING_FOR_RETRY} or
	 * {@code ERROR}; empty if it has no result to be looked at, and nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public Optional<StepState> settle(UUID step) {
		Arguments.required("step", step);
		return this.session.transactions().call(() -> {
			this.tasks.lockTaskOf(step);
			return this.settlement.settle(step);
		});
	}

	/**
	 * Move a step from one state to another, for what no other operation does: to cancel
	 * one, to fail one, to let one wait for a retry. The columns that go with the state
	 * are written as well. A step that waits for a retry makes the pause that follows
	 * from its attempts. One in {@code PENDING} is enqueued or begun only if its parents
	 * are complete or resolved, and its task is neither final nor blocked by failures. No
	 * message is sent, and no attempt is counted: {@link StepWork#claim} does that. The
	 * task stays where it is, as after {@link #resolveManually}; with a step that is
	 * cancelled it is never complete.
	 * @param step the step
	 * @param from the state the caller has seen
	 * @param to the new state
	 * @param data what belongs to it, for the history, as why the step failed: anything
	 * the mapper encodes. With {@code COMPLETE} and the two that are enqueued for the
	 * orchestration it replaces the result of the step, also if it is {@code null}
	 * @return {@code false} if the step is in another state by now, or may not begin;
	 * nothing was written
	 * @throws ForbiddenTransitionException if there is no such edge
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the data cannot be stored as JSON
	 */
	public boolean transition(UUID step, StepState from, StepState to, @Nullable Object data) {
		Arguments.required("step", step);
		Arguments.required("from", from);
		Arguments.required("to", to);
		return this.changes.move(step, from, to, this.session.json().optional("data", data));
	}

	/**
	 * Give a step in {@code ERROR} all of its attempts again. A pause that was asked for
	 * before is kept: if it has not passed since the last attempt, the step is ready when
	 * it has. The task stays where it is: {@link Tasks#advance} enqueues the step, unless
	 * the task is blocked by failures, as it is once it has gone on with a step in
	 * {@code ERROR}. Then no step of it is enqueued any more.
	 * @param step the step
	 * @return {@code false} if it is in another state; nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public boolean resetForRetry(UUID step) {
		return this.changes.resetForRetry(Arguments.required("step", step));
	}

	/**
	 * Settle a step by hand, whatever its state. A result that it has is kept. Its
	 * children may run, and the task may be complete, but stays where it is: let it go on
	 * by {@link Tasks#advance}. A task that is blocked by failures does not go on: end
	 * it, too, by {@link Tasks#resolveManually}, {@link Tasks#giveUp} or
	 * {@link Tasks#cancel}.
	 * @param step the step
	 * @return {@code false} if another program has not initialized it
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public boolean resolveManually(UUID step) {
		return this.changes.correct(Arguments.required("step", step), StepState.RESOLVED_MANUALLY,
				Event.of("ResolveManually"));
	}

	/**
	 * Complete a step by hand, whatever its state. Its children may run. The task stays
	 * where it is: let it go on, or end it, as after {@link #resolveManually}.
	 * @param step the step
	 * @param results its result: anything the mapper encodes
	 * @return {@code false} if another program has not initialized it
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the result cannot be stored as JSON
	 */
	public boolean completeManually(UUID step, @Nullable Object results) {
		return this.changes.correct(Arguments.required("step", step), StepState.COMPLETE,
				Event.of("CompleteManually", this.session.json().optional("results", results)));
	}

}
