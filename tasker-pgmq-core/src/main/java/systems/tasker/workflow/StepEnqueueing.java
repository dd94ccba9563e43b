/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import systems.tasker.messages.StepMessage;
import systems.tasker.workflow.StepTransitions.Event;

/**
 * Hands steps that are ready to the workers.
 */
final class StepEnqueueing {

	private final WorkflowSession session;

	private final StepTransitions transitions;

	StepEnqueueing(WorkflowSession session, StepTransitions transitions) {
		this.session = session;
		this.transitions = transitions;
	}

	// To be called in a transaction. Steps are locked in the order that all programs
	// keep.
	List<StepMessage> enqueueReady(UUID task) {
		return enqueue(this.session.jdbc().sql("""
				select s.task_uuid, s.workflow_step_uuid as step_uuid, t.correlation_id
				from tasker.workflow_steps s
				join tasker.tasks t on t.task_uuid = s.task_uuid
				join tasker.workflow_step_transitions tr
				  on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
				where s.task_uuid = :task and tr.to_state in ('pending', 'waiting_for_retry')
				order by s.workflow_step_uuid
				for no key update of s
				""").param("task", task).query(StepMessage.class).list());
	}

	boolean waitForRetry(UUID task) {
		return this.session.jdbc().sql("""
				select exists (
				  select from tasker.workflow_steps s
				  join tasker.workflow_step_transitions tr
				    on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
				  where s.task_uuid = :task and tr.to_state = 'waiting_for_retry')
				""").param("task", task).query(Boolean.class).single();
	}

	// Steps of one task, which are locked. Only now what is read of them stays true.
	List<StepMessage> enqueue(List<StepMessage> locked) {
		List<StepMessage> enqueued = new ArrayList<>();
		if (!locked.isEmpty()) {
			Map<UUID, StepReadiness> readiness = readiness(locked.get(0).taskUuid(),
					locked.stream().map(StepMessage::stepUuid).toList())
				.stream()
				.collect(Collectors.toMap(StepReadiness::stepUuid, Function.identity()));
			for (StepMessage step : locked) {
				Optional.ofNullable(readiness.get(step.stepUuid()))
					.filter(StepReadiness::ready)
					.filter(this::enqueue)
					.ifPresent((ready) -> enqueued.add(step));
			}
		}
		return enqueued;
	}

	List<StepReadiness> readiness(UUID task, List<UUID> steps) {
		return this.session.jdbc().sql("""
				select r.* from tasker.get_step_readiness_status(:task::uuid, :steps::uuid[]) r
				""").param("task", task).param("steps", Rows.array("steps", steps)).query(StepReadiness::read).list();
	}

	private boolean enqueue(StepReadiness step) {
		UUID uuid = step.stepUuid();
		return (step.state() == StepState.PENDING
				|| this.transitions.move(uuid, step.state(), StepState.PENDING, Event.of("Retry")))
				&& this.transitions.move(uuid, StepState.PENDING, StepState.ENQUEUED, Event.of("Enqueue"));
	}

}
