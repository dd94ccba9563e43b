/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.StepMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TaskAdvancementIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final Tasks tasks = this.workflows.tasker().tasks();

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	/**
	 * Where the task is, what becomes of its only step, and the way it takes from there.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					- | ready | INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS
					INITIALIZING | ready | ENQUEUING_STEPS STEPS_IN_PROCESS
					INITIALIZING ENQUEUING_STEPS | ready | STEPS_IN_PROCESS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS | ready | EVALUATING_RESULTS ENQUEUING_STEPS STEPS_IN_PROCESS
					INITIALIZING WAITING_FOR_DEPENDENCIES | ready | EVALUATING_RESULTS ENQUEUING_STEPS STEPS_IN_PROCESS
					INITIALIZING WAITING_FOR_DEPENDENCIES EVALUATING_RESULTS | ready | ENQUEUING_STEPS STEPS_IN_PROCESS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS WAITING_FOR_RETRY | ready | ENQUEUING_STEPS STEPS_IN_PROCESS
					- | worked on | INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS
					INITIALIZING ENQUEUING_STEPS | worked on | STEPS_IN_PROCESS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS | worked on | -
					INITIALIZING WAITING_FOR_DEPENDENCIES | worked on | EVALUATING_RESULTS ENQUEUING_STEPS STEPS_IN_PROCESS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS WAITING_FOR_RETRY | worked on | ENQUEUING_STEPS STEPS_IN_PROCESS
					- | pausing | INITIALIZING WAITING_FOR_DEPENDENCIES
					INITIALIZING ENQUEUING_STEPS | pausing | STEPS_IN_PROCESS WAITING_FOR_RETRY
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS | pausing | WAITING_FOR_RETRY
					INITIALIZING WAITING_FOR_DEPENDENCIES EVALUATING_RESULTS | pausing | WAITING_FOR_DEPENDENCIES
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS WAITING_FOR_RETRY | pausing | -
					INITIALIZING WAITING_FOR_DEPENDENCIES | pausing | -
					- | cancelled | INITIALIZING WAITING_FOR_DEPENDENCIES
					INITIALIZING ENQUEUING_STEPS | cancelled | STEPS_IN_PROCESS EVALUATING_RESULTS WAITING_FOR_DEPENDENCIES
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS | cancelled | EVALUATING_RESULTS WAITING_FOR_DEPENDENCIES
					INITIALIZING WAITING_FOR_DEPENDENCIES | cancelled | -
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS WAITING_FOR_RETRY | cancelled | ENQUEUING_STEPS STEPS_IN_PROCESS EVALUATING_RESULTS WAITING_FOR_DEPENDENCIES
					- | complete | INITIALIZING COMPLETE
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS | failed | EVALUATING_RESULTS BLOCKED_BY_FAILURES
					""")
	void taskGoesWhereItsStepsWantIt(String way, String step, String rest) {
		this.workflows.template(StepTemplate.of("a"));
		UUID task = this.workflows.task();
		this.workflows.walk(task, states(way));
		UUID only = this.workflows.step(task, "a");
		bringAbout(step, only);
		List<String> before = this.workflows.taskHistory(task);
		TaskProgress progress = this.tasks.advance(task, Workflows.WORKER);
		List<String> after = this.workflows.taskHistory(task);
		assertThat(after.subList(0, before.size())).isEqualTo(before);
		assertThat(after.subList(before.size(), after.size()))
			.isEqualTo(Arrays.stream(states(rest)).map(TaskState::sqlName).toList());
		assertThat(progress.state().sqlName()).isEqualTo(after.get(after.size() - 1));
		assertThat(progress.enqueued()).hasSize(step.equals("ready") ? 1 : 0)
			.extracting(StepMessage::stepUuid)
			.allMatch(only::equals);
		assertThat(this.tasks.advance(task, null)).isEqualTo(new TaskProgress(progress.state(), List.of()));
		assertThat(this.workflows.taskHistory(task)).isEqualTo(after);
	}

	@Test
	void taskBehindACancelledStepWaitsForItAndForNoRetry() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b", "a"));
		UUID task = this.workflows.task();
		this.tasks.advance(task, null);
		this.workflows.tasker()
			.steps()
			.transition(this.workflows.step(task, "a"), StepState.ENQUEUED, StepState.CANCELLED, null);
		assertThat(this.tasks.advance(task, null))
			.isEqualTo(new TaskProgress(TaskState.WAITING_FOR_DEPENDENCIES, List.of()));
		assertThat(this.workflows.taskHistory(task)).endsWith("steps_in_process", "evaluating_results",
				"waiting_for_dependencies");
	}

	@Test
	void taskWithoutStepsIsComplete() {
		this.workflows.template();
		assertThat(this.tasks.advance(this.workflows.task(), null).state()).isEqualTo(TaskState.COMPLETE);
	}

	@Test
	void tenThreadsAdvanceATaskOnce() throws Exception {
		this.workflows.tasker().templates().save(Workflows.diamond());
		UUID task = this.workflows.task();
		assertThat(Workflows.inTenThreads(() -> this.tasks.advance(task, null).enqueued().size())).hasSize(10)
			.containsOnlyOnce(1)
			.containsOnly(0, 1);
		assertThat(this.workflows.taskHistory(task)).hasSize(4);
	}

	@Test
	void taskThatIsNotInitializedIsNamed() {
		this.workflows.template();
		UUID task = this.workflows.task();
		this.workflows.execute("delete from tasker.task_transitions");
		assertThatExceptionOfType(IllegalTaskStateException.class).isThrownBy(() -> this.tasks.advance(task, null));
	}

	@Test
	void resultIsSettledAndItsTaskGoesOn() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b", "a"));
		UUID task = this.workflows.task();
		this.tasks.advance(task, null);
		UUID step = this.workflows.step(task, "a");
		succeed(step);
		TaskProgress progress = this.tasks.settleAndAdvance(step, Workflows.WORKER);
		assertThat(this.workflows.state(step)).isEqualTo("complete");
		assertThat(progress.state()).isEqualTo(TaskState.STEPS_IN_PROCESS);
		assertThat(progress.enqueued()).extracting(StepMessage::stepUuid)
			.containsExactly(this.workflows.step(task, "b"));
		assertThat(this.tasks.settleAndAdvance(step, null))
			.isEqualTo(new TaskProgress(TaskState.STEPS_IN_PROCESS, List.of()));
	}

	@Test
	void resultIsNotSettledIfItsTaskCannotGoOn() {
		this.workflows.template(StepTemplate.of("a"));
		UUID task = this.workflows.task();
		this.tasks.advance(task, null);
		UUID step = this.workflows.step(task, "a");
		succeed(step);
		this.workflows.execute("delete from tasker.task_transitions");
		assertThatExceptionOfType(IllegalTaskStateException.class)
			.isThrownBy(() -> this.tasks.settleAndAdvance(step, null));
		assertThat(this.workflows.state(step)).isEqualTo("enqueued_for_orchestration");
	}

	@Test
	void retryDoesNotWaitForABranchThatIsBusy() {
		UUID task = taskWithAPauseInOneOfItsBranches();
		assertThat(this.tasks.nextReady(1)).isEmpty();
		passPause();
		assertThat(this.tasks.nextReady(1)).extracting(ReadyTask::taskUuid).containsExactly(task);
		TaskProgress progress = this.tasks.advance(task, null);
		assertThat(progress.state()).isEqualTo(TaskState.STEPS_IN_PROCESS);
		assertThat(progress.enqueued()).extracting(StepMessage::stepUuid)
			.containsExactly(this.workflows.step(task, "pausing"));
		assertThat(this.workflows.state(this.workflows.step(task, "busy"))).isEqualTo("in_progress");
	}

	@Test
	void otherBranchesGoOnWhileATaskWaitsForARetry() {
		UUID task = taskWithAPauseInOneOfItsBranches();
		UUID busy = this.workflows.step(task, "busy");
		UUID next = this.workflows.step(task, "next");
		report(Workflows.success(busy, 1), 1);
		TaskProgress progress = this.tasks.settleAndAdvance(busy, null);
		assertThat(progress.state()).isEqualTo(TaskState.WAITING_FOR_RETRY);
		assertThat(progress.enqueued()).extracting(StepMessage::stepUuid).containsExactly(next);
		assertThat(this.workflows.taskHistory(task)).endsWith("steps_in_process", "waiting_for_retry",
				"enqueuing_steps", "steps_in_process", "waiting_for_retry");
		succeed(next);
		assertThat(this.tasks.settleAndAdvance(next, null))
			.isEqualTo(new TaskProgress(TaskState.WAITING_FOR_RETRY, List.of()));
		passPause();
		assertThat(this.tasks.advance(task, null).state()).isEqualTo(TaskState.STEPS_IN_PROCESS);
		UUID pausing = this.workflows.step(task, "pausing");
		succeed(pausing);
		assertThat(this.tasks.settleAndAdvance(pausing, null).state()).isEqualTo(TaskState.COMPLETE);
	}

	@Test
	void taskThatWaitsForARetryEndsWithItsOtherBranches() {
		UUID blocked = taskWithAPauseInOneOfItsBranches();
		UUID failing = this.workflows.step(blocked, "busy");
		report(Workflows.failure(failing, false), 1);
		assertThat(this.tasks.settleAndAdvance(failing, null).state()).isEqualTo(TaskState.BLOCKED_BY_FAILURES);
		UUID task = taskWithAPauseInOneOfItsBranches();
		this.workflows.tasker().steps().resolveManually(this.workflows.step(task, "pausing"));
		this.workflows.tasker().steps().resolveManually(this.workflows.step(task, "next"));
		UUID last = this.workflows.step(task, "busy");
		report(Workflows.success(last, 1), 1);
		assertThat(this.tasks.settleAndAdvance(last, null).state()).isEqualTo(TaskState.COMPLETE);
	}

	private UUID taskWithAPauseInOneOfItsBranches() {
		this.workflows.template(StepTemplate.of("pausing"), StepTemplate.of("busy"), StepTemplate.of("next", "busy"));
		UUID task = this.workflows.task();
		this.tasks.advance(task, null);
		this.workflows.tasker().work().claim(this.workflows.step(task, "busy"), Workflows.WORKER).orElseThrow();
		UUID pausing = this.workflows.step(task, "pausing");
		this.workflows.tasker().work().claim(pausing, Workflows.WORKER).orElseThrow();
		report(Workflows.failure(pausing, true), 1);
		TaskProgress waiting = new TaskProgress(TaskState.WAITING_FOR_RETRY, List.of());
		assertThat(this.tasks.settleAndAdvance(pausing, null)).isEqualTo(waiting);
		assertThat(this.tasks.advance(task, null)).isEqualTo(waiting);
		return task;
	}

	private void passPause() {
		this.workflows
			.execute("update tasker.workflow_steps set last_attempted_at = last_attempted_at - interval '1 h'");
	}

	private void succeed(UUID enqueued) {
		report(Workflows.success(enqueued, 1),
				this.workflows.tasker().work().claim(enqueued, Workflows.WORKER).orElseThrow().attempts());
	}

	private void report(StepExecutionResult result, int attempt) {
		assertThat(this.workflows.tasker().work().report(result, attempt, Workflows.WORKER)).isTrue();
	}

	private void bringAbout(String what, UUID step) {
		switch (what) {
			case "ready" -> {
			}
			case "complete" -> this.workflows.complete(step);
			case "cancelled" ->
				this.workflows.tasker().steps().transition(step, StepState.PENDING, StepState.CANCELLED, null);
			default -> this.workflows.work(step);
		}
		if (what.equals("pausing") || what.equals("failed")) {
			this.workflows.tasker().work().report(Workflows.failure(step, what.equals("pausing")), 1, Workflows.WORKER);
			this.workflows.tasker().steps().settle(step);
		}
	}

	private static TaskState[] states(String names) {
		return (names != null) ? Arrays.stream(names.split(" ")).map(TaskState::valueOf).toArray(TaskState[]::new)
				: new TaskState[0];
	}

}
