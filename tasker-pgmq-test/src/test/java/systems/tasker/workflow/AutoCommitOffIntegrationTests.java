/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every operation that writes commits by itself, with connections that do not.
 */
class AutoCommitOffIntegrationTests {

	private final Workflows workflows = new Workflows(false, JsonMapper.builder());

	private final TaskerDatabase tasker = this.workflows.tasker();

	private UUID task;

	private UUID step;

	@BeforeEach
	void createTask() {
		this.workflows.template(StepTemplate.of("a"));
		this.task = this.workflows.task();
		this.step = this.workflows.step(this.task, "a");
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void workOfAStepIsCommitted() {
		assertThat(this.workflows.state(this.step)).isEqualTo("pending");
		this.tasker.steps().enqueueReady(this.task);
		assertThat(this.workflows.state(this.step)).isEqualTo("enqueued");
		assertThat(this.tasker.work().claim(this.step, Workflows.WORKER)).isPresent();
		assertThat(this.workflows.state(this.step)).isEqualTo("in_progress");
		this.tasker.work().saveCheckpoint(this.step, 1, new Checkpoint("c", 1, null));
		assertThat(this.workflows.count("workflow_steps where checkpoint is not null")).isEqualTo(1);
		this.tasker.work().clearCheckpoint(this.step, 1);
		assertThat(this.workflows.count("workflow_steps where checkpoint is not null")).isZero();
		this.tasker.work().report(Workflows.failure(this.step, false), 1, Workflows.WORKER);
		assertThat(this.workflows.state(this.step)).isEqualTo("enqueued_as_error_for_orchestration");
		this.tasker.steps().settle(this.step);
		assertThat(this.workflows.state(this.step)).isEqualTo("error");
		this.tasker.steps().resetForRetry(this.step);
		assertThat(this.workflows.state(this.step)).isEqualTo("pending");
	}

	@Test
	void correctionsByHandAreCommitted() {
		this.tasker.steps().resolveManually(this.step);
		assertThat(this.workflows.state(this.step)).isEqualTo("resolved_manually");
		this.tasker.steps().completeManually(this.step, null);
		assertThat(this.workflows.state(this.step)).isEqualTo("complete");
		UUID other = this.workflows.task();
		this.tasker.steps().enqueue(this.workflows.step(other, "a"));
		assertThat(this.workflows.state(this.workflows.step(other, "a"))).isEqualTo("enqueued");
		this.tasker.steps().transition(this.workflows.step(other, "a"), StepState.ENQUEUED, StepState.CANCELLED, null);
		assertThat(this.workflows.state(this.workflows.step(other, "a"))).isEqualTo("cancelled");
	}

	@Test
	void waysOfTasksAreCommitted() {
		this.tasker.tasks().advance(this.task, null);
		assertThat(this.workflows.taskHistory(this.task)).endsWith("steps_in_process");
		assertThat(this.tasker.tasks().nextReady(5)).isEmpty();
		this.tasker.steps().resolveManually(this.step);
		this.tasker.tasks().finalizeTask(this.task, null);
		assertThat(this.workflows.taskHistory(this.task)).endsWith("complete");
		UUID cancelled = this.workflows.task();
		this.tasker.tasks().cancel(cancelled, null);
		assertThat(this.workflows.taskHistory(cancelled)).endsWith("cancelled");
		UUID resolved = this.workflows.task();
		this.tasker.tasks().resolveManually(resolved, null);
		assertThat(this.workflows.taskHistory(resolved)).endsWith("resolved_manually");
		UUID blocked = this.workflows.task();
		this.workflows.walk(blocked, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES,
				TaskState.EVALUATING_RESULTS, TaskState.BLOCKED_BY_FAILURES);
		this.tasker.tasks().giveUp(blocked, null);
		assertThat(this.workflows.taskHistory(blocked)).endsWith("error");
	}

	@Test
	void workOnDeadLettersIsCommitted() {
		this.workflows.walk(this.task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES);
		this.workflows.execute("update tasker.task_transitions set created_at = created_at - interval '2 hours'");
		assertThat(this.tasker.deadLetters().sweep(StalenessLimits.defaults()).tasks()).hasSize(1);
		assertThat(this.workflows.taskHistory(this.task)).endsWith("error");
		UUID entry = this.tasker.deadLetters().open(1).get(0).entryUuid();
		assertThat(this.tasker.deadLetters().resolve(entry, DlqResolution.CANCELLED, "alice", null)).isTrue();
		assertThat(this.workflows.count("tasks_dlq where resolution_status = 'cancelled'")).isEqualTo(1);
	}

}
