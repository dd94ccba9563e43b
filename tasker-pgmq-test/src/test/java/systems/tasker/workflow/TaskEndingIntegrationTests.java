/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TaskEndingIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final Tasks tasks = this.workflows.tasker().tasks();

	private final Steps steps = this.workflows.tasker().steps();

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	/**
	 * Where the task is, how it gets there, and the way from there to its end.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					INITIALIZING |
					INITIALIZING ENQUEUING_STEPS | STEPS_IN_PROCESS EVALUATING_RESULTS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS | EVALUATING_RESULTS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS EVALUATING_RESULTS |
					INITIALIZING WAITING_FOR_DEPENDENCIES | EVALUATING_RESULTS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS WAITING_FOR_RETRY | ENQUEUING_STEPS STEPS_IN_PROCESS EVALUATING_RESULTS
					""")
	void completeTaskWalksAllowedEdges(String way, String rest) {
		UUID task = task();
		this.workflows.walk(task, states(way));
		this.workflows.complete(this.workflows.step(task, "a"));
		List<String> before = this.workflows.taskHistory(task);
		assertThat(this.tasks.finalizeTask(task, Workflows.WORKER)).isEqualTo(TaskState.COMPLETE);
		requireHistory(task, before, rest, "complete");
		assertThat(this.workflows.row("""
				select t.complete, t.completed_at is not null, tr.processor_uuid from tasker.tasks t
				join tasker.task_transitions tr using (task_uuid) where tr.most_recent
				""")).isEqualTo("t | t | " + Workflows.WORKER);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					INITIALIZING | WAITING_FOR_DEPENDENCIES EVALUATING_RESULTS
					INITIALIZING ENQUEUING_STEPS | STEPS_IN_PROCESS EVALUATING_RESULTS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS | EVALUATING_RESULTS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS EVALUATING_RESULTS |
					INITIALIZING WAITING_FOR_DEPENDENCIES | EVALUATING_RESULTS
					INITIALIZING ENQUEUING_STEPS STEPS_IN_PROCESS WAITING_FOR_RETRY | ENQUEUING_STEPS STEPS_IN_PROCESS EVALUATING_RESULTS
					""")
	void blockedTaskWalksAllowedEdges(String way, String rest) {
		UUID task = task();
		this.workflows.walk(task, states(way));
		fail(this.workflows.step(task, "a"));
		List<String> before = this.workflows.taskHistory(task);
		assertThat(this.tasks.finalizeTask(task, null)).isEqualTo(TaskState.BLOCKED_BY_FAILURES);
		requireHistory(task, before, rest, "blocked_by_failures");
		assertThat(this.workflows.row("select complete from tasker.tasks")).isEqualTo("f");
		assertThat(this.tasks.finalizeTask(task, null)).isEqualTo(TaskState.BLOCKED_BY_FAILURES);
		requireHistory(task, before, rest, "blocked_by_failures");
	}

	@Test
	void pendingTaskCannotBeFinalizedWhateverItsSteps() {
		UUID task = task();
		this.workflows.complete(this.workflows.step(task, "a"));
		assertThatExceptionOfType(IllegalTaskStateException.class).isThrownBy(() -> this.tasks.finalizeTask(task, null))
			.withMessage("Task %s is pending: advance it first".formatted(task));
		UUID open = this.workflows.task();
		assertThatExceptionOfType(IllegalTaskStateException.class)
			.isThrownBy(() -> this.tasks.finalizeTask(open, null));
	}

	@Test
	void repairedStepDoesNotCompleteABlockedTask() {
		UUID task = task();
		this.workflows.walk(task, TaskState.INITIALIZING);
		UUID step = this.workflows.step(task, "a");
		fail(step);
		this.tasks.finalizeTask(task, null);
		this.steps.resolveManually(step);
		assertThatExceptionOfType(IllegalTaskStateException.class).isThrownBy(() -> this.tasks.finalizeTask(task, null))
			.withMessageContaining("blocked_by_failures");
	}

	@Test
	void taskWithWorkLeftStaysAsItIs() {
		UUID task = task();
		this.workflows.walk(task, TaskState.INITIALIZING);
		assertThat(this.tasks.finalizeTask(task, null)).isEqualTo(TaskState.INITIALIZING);
		this.workflows.work(this.workflows.step(task, "a"));
		assertThat(this.tasks.finalizeTask(task, null)).isEqualTo(TaskState.INITIALIZING);
		assertThat(this.workflows.taskHistory(task)).containsExactly("pending", "initializing");
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPLETE", "CANCELLED", "RESOLVED_MANUALLY", "ERROR" })
	void finalTaskStaysAsItIs(TaskState end) {
		UUID task = task();
		this.workflows.walk(task, TaskState.INITIALIZING);
		if (end == TaskState.ERROR) {
			this.workflows.walk(task, TaskState.WAITING_FOR_DEPENDENCIES);
		}
		this.workflows.walk(task, end);
		List<String> before = this.workflows.taskHistory(task);
		assertThat(this.tasks.finalizeTask(task, null)).isEqualTo(end);
		assertThat(this.tasks.cancel(task, null)).isFalse();
		assertThat(this.workflows.taskHistory(task)).isEqualTo(before);
		assertThat(this.workflows.state(this.workflows.step(task, "a"))).isEqualTo("pending");
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPLETE", "CANCELLED", "RESOLVED_MANUALLY", "ERROR", "BLOCKED_BY_FAILURES" })
	void stepsOfATaskThatIsOverAreNotEnqueued(TaskState end) {
		UUID task = task();
		UUID step = this.workflows.step(task, "a");
		this.workflows.walk(task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES,
				TaskState.EVALUATING_RESULTS);
		if (end == TaskState.ERROR) {
			this.workflows.walk(task, TaskState.BLOCKED_BY_FAILURES);
		}
		this.workflows.walk(task, end);
		assertThat(this.workflows.readiness(task, "a").ready()).isTrue();
		assertThat(this.steps.enqueue(step)).isEmpty();
		assertThat(this.steps.enqueueReady(task)).isEmpty();
		assertThat(this.workflows.stepHistory(step)).containsExactly("pending");
	}

	@Test
	void taskWithoutStepsIsComplete() {
		this.workflows.template();
		UUID task = this.workflows.task();
		this.workflows.walk(task, TaskState.INITIALIZING);
		assertThat(this.tasks.finalizeTask(task, null)).isEqualTo(TaskState.COMPLETE);
	}

	@Test
	void tenThreadsFinalizeATaskOnce() throws Exception {
		UUID task = task();
		this.workflows.walk(task, TaskState.INITIALIZING, TaskState.ENQUEUING_STEPS);
		this.workflows.complete(this.workflows.step(task, "a"));
		assertThat(Workflows.inTenThreads(() -> this.tasks.finalizeTask(task, null))).hasSize(10)
			.containsOnly(TaskState.COMPLETE);
		assertThat(this.workflows.taskHistory(task)).hasSize(6);
	}

	@Test
	void cancellationEndsStepsInAllStatesThatAreNotFinal() {
		this.workflows.template(Arrays.stream(StepState.values())
			.map((state) -> StepTemplate.of(state.sqlName()))
			.toArray(StepTemplate[]::new));
		UUID task = this.workflows.task();
		putEachStepIntoTheStateOfItsName(task);
		this.workflows.walk(task, TaskState.INITIALIZING);
		assertThat(this.tasks.cancel(task, Workflows.WORKER)).isTrue();
		assertThat(this.steps.readiness(task)).hasSize(10).allSatisfy((step) -> {
			StepState before = StepState.of(step.name());
			assertThat(step.state()).as(step.name()).isEqualTo(before.isFinal() ? before : StepState.CANCELLED);
		});
		assertThat(this.workflows.rows("""
				select distinct processed, in_process, processed_at is not null from tasker.workflow_steps s
				join tasker.workflow_step_transitions tr using (workflow_step_uuid)
				where tr.most_recent and tr.to_state = 'cancelled'
				""")).containsExactly("t | f | t");
		assertThat(this.workflows.taskHistory(task)).containsExactly("pending", "initializing", "cancelled");
		assertThat(this.tasks.executionContext(task)).satisfies((context) -> {
			assertThat(context.totalSteps()).isEqualTo(10);
			assertThat(context.completedSteps()).isEqualTo(2);
			assertThat(context.failedSteps() + context.pendingSteps() + context.enqueuedSteps()
					+ context.inProgressSteps() + context.readySteps())
				.isZero();
		});
		assertThat(this.tasks.cancel(task, null)).isFalse();
	}

	@Test
	void taskThatAnotherProgramHasNotInitializedIsNamed() {
		UUID task = task();
		this.workflows.execute("delete from tasker.task_transitions");
		assertThat(this.tasks.state(task)).isEmpty();
		assertThatExceptionOfType(IllegalTaskStateException.class).isThrownBy(() -> this.tasks.cancel(task, null))
			.withMessage("Task %s has no state: initialize it first".formatted(task));
		assertThatExceptionOfType(IllegalTaskStateException.class)
			.isThrownBy(() -> this.tasks.finalizeTask(task, null));
		assertThat(this.workflows.state(this.workflows.step(task, "a"))).isEqualTo("pending");
	}

	// Each locks the task and then the steps: whoever comes second waits.
	@Test
	void cancellationsAndWorkersDoNotDeadlock() throws Exception {
		this.workflows.tasker().templates().save(Workflows.diamond());
		UUID task = this.workflows.task();
		List<Object> outcomes = Workflows.inTenThreads(() -> {
			this.steps.enqueueReady(task);
			return this.tasks.cancel(task, null);
		});
		assertThat(outcomes).hasSize(10).containsOnlyOnce(true).allMatch(Boolean.class::isInstance);
		assertThat(this.steps.readiness(task)).allMatch((step) -> step.state() == StepState.CANCELLED);
	}

	private UUID task() {
		this.workflows.template(StepTemplate.of("a"));
		return this.workflows.task();
	}

	private void fail(UUID step) {
		this.workflows.work(step);
		this.workflows.tasker().work().report(Workflows.failure(step, false), 1, Workflows.WORKER);
		assertThat(this.steps.settle(step)).contains(StepState.ERROR);
	}

	private void putEachStepIntoTheStateOfItsName(UUID task) {
		for (StepReadiness step : this.steps.readiness(task)) {
			StepState state = StepState.of(step.name());
			if (state.sqlName().startsWith("enqueued_")) {
				move(step.stepUuid(), StepState.PENDING, StepState.IN_PROGRESS);
				move(step.stepUuid(), StepState.IN_PROGRESS, state);
			}
			else if (state != StepState.PENDING) {
				move(step.stepUuid(), StepState.PENDING, state);
			}
		}
	}

	private void move(UUID step, StepState from, StepState to) {
		assertThat(this.workflows.move(step, from, to, StepTransitions.Event.of("Test"))).isTrue();
	}

	private void requireHistory(UUID task, List<String> before, String rest, String end) {
		assertThat(this.workflows.taskHistory(task).subList(0, before.size())).isEqualTo(before);
		List<String> walked = new ArrayList<>(Arrays.stream(states(rest)).map(TaskState::sqlName).toList());
		walked.add(end);
		assertThat(this.workflows.taskHistory(task).subList(before.size(), before.size() + walked.size()))
			.isEqualTo(walked);
		assertThat(this.workflows.taskHistory(task)).hasSize(before.size() + walked.size());
	}

	private static TaskState[] states(String names) {
		return (names != null) ? Arrays.stream(names.split(" ")).map(TaskState::valueOf).toArray(TaskState[]::new)
				: new TaskState[0];
	}

}
