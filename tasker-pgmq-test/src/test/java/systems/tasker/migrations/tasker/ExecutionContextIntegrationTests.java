/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class ExecutionContextIntegrationTests {

	private final TaskerSession session;

	ExecutionContextIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void taskWithoutStepsWaits() {
		TaskRows task = this.session.task("T");
		assertThat(context(task))
			.isEqualTo("pending | 0 0 0 0 0 0 0 | waiting_for_dependencies | wait_for_dependencies | 0.0 | healthy");
	}

	@Test
	void statusIsTheStateOfTheTask() {
		TaskRows task = this.session.task("T").history("pending 3, initializing 2");
		assertThat(context(task)).startsWith("initializing | ");
		assertThat(this.session.row("""
				select c.task_uuid, c.named_task_uuid = t.named_task_uuid
				from tasker.get_task_execution_context(?) c join tasker.tasks t on t.task_uuid = c.task_uuid
				""", task.uuid())).isEqualTo(task.uuid() + " | t");
	}

	@Test
	void unknownTaskHasNoContext() {
		assertThat(this.session.rows("select * from tasker.get_task_execution_context(?)", UUID.randomUUID()))
			.isEmpty();
		assertThat(this.session.rows("select * from tasker.get_task_execution_context(null)")).isEmpty();
	}

	@Test
	void eachStateIsCountedInItsColumn() {
		TaskRows task = this.session.task("T");
		for (String state : Contract.load().states("step")) {
			task.step(state).in(state);
		}
		// total, pending, in progress, completed, failed, ready, enqueued
		assertThat(context(task))
			.startsWith("pending | 10 1 1 2 1 2 3 | blocked_by_failures | handle_failures | 20.00");
	}

	@Test
	void stepInErrorBlocksTheTaskWhateverElseCouldRun() {
		TaskRows task = this.session.task("T");
		task.step("a").in("error").set("attempts", 1).step("b").in("in_progress").step("c");
		assertThat(context(task))
			.isEqualTo("pending | 3 1 1 0 1 1 0 | blocked_by_failures | handle_failures | 0.00 | blocked");
	}

	@Test
	void readyStepsComeBeforeRunningOnes() {
		TaskRows task = this.session.task("T");
		task.step("a").in("in_progress").step("b");
		assertThat(context(task))
			.isEqualTo("pending | 2 1 1 0 0 1 0 | has_ready_steps | execute_ready_steps | 0.00 | healthy");
	}

	@ParameterizedTest
	@ValueSource(strings = { "in_progress", "enqueued", "enqueued_for_orchestration",
			"enqueued_as_error_for_orchestration" })
	void runningStepsAreProcessed(String state) {
		TaskRows task = this.session.task("T");
		task.step("a").in(state).step("b").after("a");
		assertThat(context(task)).contains("| processing | wait_for_completion | 0.00 | healthy");
	}

	@Test
	void taskIsCompleteWhenAllStepsAre() {
		TaskRows task = this.session.task("T");
		task.step("a").in("complete").step("b").in("resolved_manually");
		assertThat(context(task))
			.isEqualTo("pending | 2 0 0 2 0 0 0 | all_complete | finalize_task | 100.00 | healthy");
	}

	@Test
	void cancelledStepIsNotComplete() {
		TaskRows task = this.session.task("T");
		task.step("a").in("complete").step("b").in("complete").step("c").in("cancelled");
		assertThat(context(task))
			.isEqualTo("pending | 3 0 0 2 0 0 0 | waiting_for_dependencies | wait_for_dependencies | 66.67 | healthy");
	}

	@Test
	void stepWithoutAttemptsLeftIsNeitherReadyNorBlocked() {
		TaskRows task = this.session.task("T");
		task.step("a").in("waiting_for_retry").set("attempts", 3);
		assertThat(context(task))
			.isEqualTo("pending | 1 0 0 0 0 0 0 | waiting_for_dependencies | wait_for_dependencies | 0.00 | healthy");
	}

	@Test
	void batchHasOneRowForEachTaskHoweverOftenItIsNamed() {
		TaskRows first = this.session.task("T1");
		first.step("a").in("complete").step("b");
		TaskRows second = this.session.task("T2").in("pending");
		String once = TaskerSession.array(first.uuid(), second.uuid());
		String twice = TaskerSession.array(second.uuid(), first.uuid(), UUID.randomUUID(), first.uuid(), null);
		assertThat(this.session.rows("select * from tasker.get_task_execution_contexts_batch(?::uuid[])", twice))
			.hasSize(2)
			.containsExactlyInAnyOrderElementsOf(
					this.session.rows("select * from tasker.get_task_execution_contexts_batch(?::uuid[])", once))
			.contains(this.session.row("select * from tasker.get_task_execution_context(?)", first.uuid()),
					this.session.row("select * from tasker.get_task_execution_context(?)", second.uuid()));
	}

	@Test
	void batchOfNothingIsEmpty() {
		this.session.task("T");
		assertThat(this.session.rows("select * from tasker.get_task_execution_contexts_batch('{}')")).isEmpty();
		assertThat(this.session.rows("select * from tasker.get_task_execution_contexts_batch(null)")).isEmpty();
	}

	private String context(TaskRows task) {
		return this.session.row("""
				select status, concat_ws(' ', total_steps, pending_steps, in_progress_steps, completed_steps,
				    failed_steps, ready_steps, enqueued_steps), execution_status, recommended_action,
				    completion_percentage, health_status
				from tasker.get_task_execution_context(?)
				""", task.uuid());
	}

}
