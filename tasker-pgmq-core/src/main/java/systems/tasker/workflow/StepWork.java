/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import systems.tasker.messages.StepExecutionResult;
import systems.tasker.workflow.StepTransitions.Event;

/**
 * Steps, from the side of the worker: claim one, say how far it is, report its result.
 */
public final class StepWork {

	private final WorkflowSession session;

	private final StepTransitions transitions;

	StepWork(WorkflowSession session, StepTransitions transitions) {
		this.session = session;
		this.transitions = transitions;
	}

	/**
	 * Claim an enqueued step. Does not wait: of many workers one gets it, the others hear
	 * at once that they did not. The attempt is counted.
	 * @param step the step
	 * @param worker who claims it
	 * @return the step, if it was enqueued and nobody else has it
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws JacksonException if another program stored a context, inputs or a
	 * checkpoint beyond the limits of Jackson: numbers of 1,000 digits, 500 levels; the
	 * step is not claimed
	 */
	public Optional<ClaimedStep> claim(UUID step, UUID worker) {
		Arguments.required("step", step);
		Arguments.required("worker", worker);
		return this.session.transactions().call(() -> {
			Optional<ClaimedStep> claimed = this.session.jdbc()
				.sql("""
						select c.workflow_step_uuid, c.task_uuid, t.correlation_id, ns.name, c.attempts,
						  t.context::text as context, c.inputs::text as inputs, c.checkpoint::text as checkpoint
						from tasker.tasker_claim_and_execute_step(:step::uuid, :worker::uuid) c
						join tasker.tasks t on t.task_uuid = c.task_uuid
						join tasker.workflow_steps s on s.workflow_step_uuid = c.workflow_step_uuid
						join tasker.named_steps ns on ns.named_step_uuid = s.named_step_uuid
						where c.claimed
						""")
				.param("step", step)
				.param("worker", worker)
				.query((row, number) -> new ClaimedStep(Rows.uuid(row, "workflow_step_uuid"),
						Rows.uuid(row, "task_uuid"), Rows.uuid(row, "correlation_id"), row.getString("name"),
						row.getInt("attempts"), Json.read(row.getString("context")), Json.read(row.getString("inputs")),
						Json.read(row.getString("checkpoint"))))
				.optional();
			if (claimed.isEmpty()) {
				this.transitions.require(step);
			}
			return claimed;
		});
	}

	/**
	 * Return the results of all steps that come before a step: its parents, their
	 * parents, and so on, whatever their states. So a failure is among them if a step was
	 * resolved by hand after it, and also if only a step behind it was.
	 * @param step the step
	 * @return the results by the names of the steps, the nearest first. A result that was
	 * reported, or a failure, is a map: the key {@code success} tells which, and
	 * {@code result} has what the worker returned. That of a step that was completed by
	 * hand is what was given then. It is {@code null} for a step that has none
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws JacksonException if another program stored a result beyond the limits of
	 * Jackson
	 */
	public Map<String, @Nullable Object> resultsBefore(UUID step) {
		// Not by get_step_transitive_dependencies: it has a row for each path, of which
		// there may be more than anybody can count, and none of over 50 edges. Here
		// "union" keeps each step once at a distance, and a cycle ends with the number of
		// steps. "offset 0" and "limit 1" are fences as in that function.
		Map<String, @Nullable Object> results = this.session.jdbc().sql("""
				with recursive walk (step_uuid, distance) as (
				    select e.from_step_uuid, 1
				    from tasker.workflow_step_edges e
				    where e.to_step_uuid = :step::uuid
				  union
				    select e.from_step_uuid, w.distance + 1
				    from walk w
				    cross join lateral (
				      select p.from_step_uuid from tasker.workflow_step_edges p where p.to_step_uuid = w.step_uuid
				      offset 0) e
				    where w.distance < (
				      select count(*)
				      from tasker.workflow_steps s
				      where s.task_uuid = (
				        select c.task_uuid from tasker.workflow_steps c where c.workflow_step_uuid = :step::uuid)))
				select ns.name, s.results::text as results
				from (
				  select w.step_uuid, min(w.distance) as distance
				  from walk w
				  group by w.step_uuid) nearest
				cross join lateral (
				  select c.named_step_uuid, c.results
				  from tasker.workflow_steps c
				  where c.workflow_step_uuid = nearest.step_uuid
				  limit 1) s
				cross join lateral (
				  select c.name from tasker.named_steps c where c.named_step_uuid = s.named_step_uuid
				  limit 1) ns
				order by nearest.distance, ns.name
				""").param("step", Arguments.required("step", step)).query((rows) -> {
			Map<String, @Nullable Object> byName = new LinkedHashMap<>();
			while (rows.next()) {
				byName.put(rows.getString("name"), Json.read(rows.getString("results")));
			}
			return byName;
		});
		if (results.isEmpty()) {
			this.transitions.require(step);
		}
		return results;
	}

	/**
	 * Report the result of a step: it goes to the orchestration, as a failure if the
	 * result is none. No message is sent. An attempt can be reported as long as it is the
	 * current one: who took so long that the step was given to somebody else is refused,
	 * and so is who declares an attempt dead that has been replaced meanwhile. What else
	 * has to be written once belongs in the same transaction, after the report; what
	 * locks the task, as to settle the result does, belongs in another.
	 * @param result the result, which is stored as a whole
	 * @param attempt which attempt it is the result of, see
	 * {@link ClaimedStep#attempts()}. They are counted anew after
	 * {@link Steps#resetForRetry}: who has held the step since before that is not
	 * recognised
	 * @param worker who reports it
	 * @return {@code false} if the step is not in progress, or in another attempt;
	 * nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the result cannot be stored as JSON
	 */
	public boolean report(StepExecutionResult result, int attempt, UUID worker) {
		UUID step = Arguments.required("result", result).stepUuid();
		Arguments.required("worker", worker);
		String data = this.session.json().write("result", result);
		return this.session.transactions().call(() -> {
			if (!lock(step, attempt)) {
				this.transitions.require(step);
				return false;
			}
			return result.success()
					? this.transitions.move(step, StepState.IN_PROGRESS, StepState.ENQUEUED_FOR_ORCHESTRATION,
							new Event("EnqueueForOrchestration", data, worker))
					: this.transitions.move(step, StepState.IN_PROGRESS, StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION,
							new Event("EnqueueAsErrorForOrchestration", data, worker));
		});
	}

	// Waits for whoever holds the step, and then looks at the attempt again.
	private boolean lock(UUID step, int attempt) {
		return this.session.jdbc().sql("""
				select s.workflow_step_uuid from tasker.workflow_steps s
				where s.workflow_step_uuid = :step and s.attempts = :attempt
				for no key update
				""").param("step", step).param("attempt", attempt).query(UUID.class).optional().isPresent();
	}

	/**
	 * Save how far a step is. Where it was before stays in its history. As with its
	 * report, who has lost the step is refused, and should stop working on it.
	 * @param step the step
	 * @param attempt which attempt has come that far, see {@link ClaimedStep#attempts()}
	 * @param checkpoint how far it is
	 * @return {@code false} if the step is not in progress, or in another attempt;
	 * nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the checkpoint cannot be stored as JSON
	 */
	public boolean saveCheckpoint(UUID step, int attempt, Checkpoint checkpoint) {
		Arguments.required("step", step);
		Json json = this.session.json();
		String cursor = json.optional("cursor", Arguments.required("checkpoint", checkpoint).cursor());
		String results = json.optional("accumulatedResults", checkpoint.accumulatedResults());
		return this.session.transactions()
			.call(() -> updated(step,
					this.session.jdbc()
						.sql("""
								update tasker.workflow_steps s
								set checkpoint = jsonb_build_object(
								    'cursor', :cursor::jsonb,
								    'items_processed', :items::bigint,
								    'timestamp', saved.at,
								    'accumulated_results', :results::jsonb,
								    'history', case jsonb_typeof(s.checkpoint -> 'history')
								        when 'array' then s.checkpoint -> 'history'
								        else '[]'
								      end || jsonb_build_array(
								      jsonb_build_object('cursor', :cursor::jsonb, 'timestamp', saved.at))),
								  updated_at = timezone('utc', now())
								from (
								  select to_char(timezone('utc', now()), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as at) saved
								where s.workflow_step_uuid = :step and s.attempts = :attempt and s.in_process
								""")
						.param("cursor", cursor)
						.param("items", checkpoint.itemsProcessed())
						.param("results", results)
						.param("step", step)
						.param("attempt", attempt)
						.update()));
	}

	/**
	 * Forget how far a step is, its history included. Who has lost the step is refused.
	 * @param step the step
	 * @param attempt which attempt forgets it, see {@link ClaimedStep#attempts()}
	 * @return {@code false} if the step is not in progress, or in another attempt;
	 * nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public boolean clearCheckpoint(UUID step, int attempt) {
		Arguments.required("step", step);
		return this.session.transactions().call(() -> updated(step, this.session.jdbc().sql("""
				update tasker.workflow_steps s set checkpoint = null, updated_at = timezone('utc', now())
				where s.workflow_step_uuid = :step and s.attempts = :attempt and s.in_process
				""").param("step", step).param("attempt", attempt).update()));
	}

	// The flag goes with the state and stands in the row itself: an update that has
	// waited for another one sees what that has made of it. The state it would not see.
	private boolean updated(UUID step, int rows) {
		if (rows == 0) {
			this.transitions.require(step);
		}
		return rows > 0;
	}

}
