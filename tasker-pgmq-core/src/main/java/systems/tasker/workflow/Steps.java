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

	Steps(WorkflowSession session, TaskTransitions tasks, StepTransitions transitions, ResultSettlement settlement) {
		this.session = session;
		this.tasks = tasks;
		this.transitions = transitions;
		this.enqueueing = new StepEnqueueing(session, transitions);
		this.settlement = settlement;
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
	 * @return what a message to the workers says, empty if the step is not ready; nothing
	 * was written then
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public Optional<StepMessage> enqueue(UUID step) {
		Arguments.required("step", step);
		return this.session.transactions().call(() -> {
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
	 * the order of their UUIDs
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public List<StepMessage> enqueueReady(UUID task) {
		Arguments.required("task", task);
		return this.session.transactions().call(() -> {
			this.tasks.require(task);
			return this.enqueueing.enqueueReady(task);
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
	 * Give a step in {@code ERROR} all of its attempts again. A pause that was asked for
	 * before is kept: if it has not passed since the last attempt, the step is ready when
	 * it has.
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
