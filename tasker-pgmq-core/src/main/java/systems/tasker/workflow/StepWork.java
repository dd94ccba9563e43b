/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Optional;
import java.util.UUID;

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
	 */
	public Optional<ClaimedStep> claim(UUID step, UUID worker) {
		Optional<ClaimedStep> claimed = this.session.jdbc()
			.sql("""
					select c.workflow_step_uuid, c.task_uuid, c.attempts, c.inputs::text as inputs,
					  c.checkpoint::text as checkpoint
					from tasker.tasker_claim_and_execute_step(:step::uuid, :worker::uuid) c
					where c.claimed
					""")
			.param("step", Arguments.required("step", step))
			.param("worker", Arguments.required("worker", worker))
			.query((row, number) -> new ClaimedStep(Rows.uuid(row, "workflow_step_uuid"), Rows.uuid(row, "task_uuid"),
					row.getInt("attempts"), this.session.json().read(row.getString("inputs")),
					this.session.json().read(row.getString("checkpoint"))))
			.optional();
		if (claimed.isEmpty()) {
			this.transitions.require(step);
		}
		return claimed;
	}

	/**
	 * Report the result of a step: it goes to the orchestration, as a failure if the
	 * result is none. No message is sent.
	 * @param result the result, which is stored as a whole
	 * @param worker who reports it
	 * @return {@code false} if the step is not in progress; nothing was written
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the result cannot be stored as JSON
	 */
	public boolean report(StepExecutionResult result, UUID worker) {
		UUID step = Arguments.required("result", result).stepUuid();
		String data = this.session.json().write("result", result);
		boolean moved = result.success()
				? this.transitions.move(step, StepState.IN_PROGRESS, StepState.ENQUEUED_FOR_ORCHESTRATION,
						new Event("EnqueueForOrchestration", data, Arguments.required("worker", worker)))
				: this.transitions.move(step, StepState.IN_PROGRESS, StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION,
						new Event("EnqueueAsErrorForOrchestration", data, Arguments.required("worker", worker)));
		if (!moved) {
			this.transitions.require(step);
		}
		return moved;
	}

	/**
	 * Save how far a step is. Where it was before stays in its history.
	 * @param step the step
	 * @param checkpoint how far it is
	 * @throws TaskerNotFoundException if there is no such step
	 * @throws IllegalArgumentException if the checkpoint cannot be stored as JSON
	 */
	public void saveCheckpoint(UUID step, Checkpoint checkpoint) {
		Arguments.required("checkpoint", checkpoint);
		int updated = this.session.jdbc()
			.sql("""
					update tasker.workflow_steps s
					set checkpoint = jsonb_build_object(
					    'cursor', :cursor::jsonb,
					    'items_processed', :items::bigint,
					    'timestamp', saved.at,
					    'accumulated_results', :results::jsonb,
					    'history', coalesce(s.checkpoint -> 'history', '[]') || jsonb_build_array(
					      jsonb_build_object('cursor', :cursor::jsonb, 'timestamp', saved.at))),
					  updated_at = timezone('utc', now())
					from (
					  select to_char(timezone('utc', now()), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as at) saved
					where s.workflow_step_uuid = :step
					""")
			.param("cursor", this.session.json().optional("cursor", checkpoint.cursor()))
			.param("items", checkpoint.itemsProcessed())
			.param("results", this.session.json().optional("accumulatedResults", checkpoint.accumulatedResults()))
			.param("step", Arguments.required("step", step))
			.update();
		requireUpdated(updated, step);
	}

	/**
	 * Forget how far a step is, its history included.
	 * @param step the step
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public void clearCheckpoint(UUID step) {
		int updated = this.session.jdbc().sql("""
				update tasker.workflow_steps s set checkpoint = null, updated_at = timezone('utc', now())
				where s.workflow_step_uuid = :step
				""").param("step", Arguments.required("step", step)).update();
		requireUpdated(updated, step);
	}

	private static void requireUpdated(int rows, UUID step) {
		if (rows == 0) {
			throw TaskerNotFoundException.step(step);
		}
	}

}
