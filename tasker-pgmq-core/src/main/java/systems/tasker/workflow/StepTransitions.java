/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Reads and changes the state of steps, and with it the columns that go with the state.
 */
final class StepTransitions {

	private final WorkflowSession session;

	StepTransitions(WorkflowSession session) {
		this.session = session;
	}

	// To be called in a transaction.
	boolean move(UUID step, StepState from, StepState to, Event event) {
		boolean moved = swap(step, from, to, event);
		if (moved) {
			enter(step, to, event.data());
		}
		return moved;
	}

	// The correlation is read here because the audit of results takes it from the
	// metadata.
	private boolean swap(UUID step, StepState from, StepState to, Event event) {
		try {
			return this.session.jdbc()
				.sql("""
						select tasker.transition_step_state_atomic(:step::uuid, :from::varchar, :to::varchar,
						  jsonb_strip_nulls(jsonb_build_object(
						    'event', (jsonb_build_object('type', :type::text) || case
						      when :data::jsonb is null then '{}'
						      else jsonb_build_object('data', :data::jsonb)
						    end)::text,
						    'timestamp', to_char(timezone('utc', now()), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
						    'worker_uuid', :worker::uuid,
						    'correlation_id', (
						      select t.correlation_id
						      from tasker.workflow_steps s join tasker.tasks t on t.task_uuid = s.task_uuid
						      where s.workflow_step_uuid = :step::uuid))))
						""")
				.param("step", step)
				.param("from", from.sqlName())
				.param("to", to.sqlName())
				.param("type", event.type())
				.param("data", event.data())
				.param("worker", event.worker())
				.query(Boolean.class)
				.single();
		}
		catch (DataIntegrityViolationException ex) {
			throw ForbiddenTransitionException.of(ex);
		}
	}

	private void enter(UUID step, StepState state, @Nullable String data) {
		switch (state) {
			case PENDING, ENQUEUED -> {
			}
			case IN_PROGRESS -> this.session.jdbc().sql("""
					update tasker.workflow_steps s set in_process = true, updated_at = timezone('utc', now())
					where s.workflow_step_uuid = :step
					""").param("step", step).update();
			case ENQUEUED_FOR_ORCHESTRATION, ENQUEUED_AS_ERROR_FOR_ORCHESTRATION -> this.session.jdbc().sql("""
					update tasker.workflow_steps s
					set in_process = false, results = :data::jsonb, updated_at = timezone('utc', now())
					where s.workflow_step_uuid = :step
					""").param("step", step).param("data", data).update();
			case COMPLETE -> this.session.jdbc().sql("""
					update tasker.workflow_steps s
					set in_process = false, processed = true, processed_at = timezone('utc', now()),
					  results = :data::jsonb, updated_at = timezone('utc', now())
					where s.workflow_step_uuid = :step
					""").param("step", step).param("data", data).update();
			// A retry of a step that was in progress would never be ready with the flag.
			case ERROR, WAITING_FOR_RETRY -> this.session.jdbc().sql("""
					update tasker.workflow_steps s set in_process = false, updated_at = timezone('utc', now())
					where s.workflow_step_uuid = :step
					""").param("step", step).update();
			case CANCELLED, RESOLVED_MANUALLY -> this.session.jdbc().sql("""
					update tasker.workflow_steps s
					set in_process = false, processed = true, processed_at = timezone('utc', now()),
					  updated_at = timezone('utc', now())
					where s.workflow_step_uuid = :step
					""").param("step", step).update();
		}
	}

	// Return the state of a step. To write by it, lock the step before.
	Optional<StepState> state(UUID step) {
		return this.session.jdbc().sql("""
				select tr.to_state from tasker.workflow_step_transitions tr
				where tr.workflow_step_uuid = :step and tr.most_recent = true
				""").param("step", step).query(String.class).optional().map(StepState::of);
	}

	// Lock a step until the end of the transaction.
	void lock(UUID step) {
		find(step, "for no key update");
	}

	void require(UUID step) {
		find(step, "");
	}

	private void find(UUID step, String lock) {
		this.session.jdbc()
			.sql("""
					select s.workflow_step_uuid from tasker.workflow_steps s where s.workflow_step_uuid = :step
					""" + lock)
			.param("step", step)
			.query(UUID.class)
			.optional()
			.orElseThrow(() -> TaskerNotFoundException.step(step));
	}

	/**
	 * Why a step changes its state. It goes into the history.
	 *
	 * @param type names the event
	 * @param data what belongs to it, as JSON. The result of the step if that enters a
	 * state in which it has one
	 * @param worker the worker, if one does it
	 */
	record Event(String type, @Nullable String data, @Nullable UUID worker) {

		static Event of(String type) {
			return new Event(type, null, null);
		}

		static Event of(String type, @Nullable String data) {
			return new Event(type, data, null);
		}

	}

}
