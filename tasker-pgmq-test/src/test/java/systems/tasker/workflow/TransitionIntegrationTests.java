/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import systems.tasker.workflow.StepTransitions.Event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TransitionIntegrationTests {

	private static final UUID NOBODY = new UUID(0x7000, 0x8000_0000_0000_0000L);

	private final Workflows workflows = new Workflows();

	private final Tasks tasks = this.workflows.tasker().tasks();

	private final Steps steps = this.workflows.tasker().steps();

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
	void taskMovesOnceFromAState() {
		assertThat(this.workflows.move(this.task, TaskState.PENDING, TaskState.INITIALIZING)).isTrue();
		assertThat(this.workflows.move(this.task, TaskState.PENDING, TaskState.INITIALIZING)).isFalse();
		assertThat(this.tasks.state(this.task)).contains(TaskState.INITIALIZING);
		assertThat(this.workflows.taskHistory(this.task)).containsExactly("pending", "initializing");
	}

	@Test
	void processorOfATaskIsInItsHistory() {
		this.tasks.advance(this.task, Workflows.WORKER);
		assertThat(this.workflows.row("""
				select distinct processor_uuid, transition_metadata, metadata from tasker.task_transitions
				where sort_key > 1
				""")).isEqualTo(Workflows.WORKER + " | {} | {}");
	}

	@Test
	void tenThreadsMoveATaskOnce() throws Exception {
		assertThat(
				Workflows.inTenThreads(() -> this.workflows.move(this.task, TaskState.PENDING, TaskState.INITIALIZING)))
			.containsOnlyOnce(true)
			.hasSize(10)
			.allMatch(Boolean.class::isInstance);
	}

	@Test
	void taskLeavesOnlyTheStateItIsIn() {
		assertThat(this.tasks.transition(this.task, TaskState.PENDING, TaskState.INITIALIZING, null)).isTrue();
		assertThat(this.tasks.transition(this.task, TaskState.PENDING, TaskState.CANCELLED, null)).isFalse();
		assertThat(this.tasks.state(this.task)).contains(TaskState.INITIALIZING);
		UUID unknown = UUID.randomUUID();
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.tasks.transition(unknown, TaskState.PENDING, TaskState.INITIALIZING, null))
			.withMessageContaining(unknown.toString());
	}

	@Test
	void completeTaskIsMarkedAsComplete() {
		this.workflows.walk(this.task, TaskState.INITIALIZING);
		assertThat(this.workflows.row("select complete, completed_at is null from tasker.tasks")).isEqualTo("f | t");
		this.workflows.walk(this.task, TaskState.COMPLETE);
		assertThat(this.workflows.row("select complete, completed_at is null from tasker.tasks")).isEqualTo("t | f");
	}

	@Test
	void errorOfATaskDoesNotMarkItAsComplete() {
		this.workflows.walk(this.task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES, TaskState.ERROR);
		assertThat(this.workflows.row("select complete from tasker.tasks")).isEqualTo("f");
	}

	@Test
	void forbiddenEdgesAreNamedAndLeaveTheTransactionUsable() {
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThatExceptionOfType(ForbiddenTransitionException.class)
				.isThrownBy(() -> this.workflows.move(this.task, TaskState.PENDING, TaskState.COMPLETE))
				.withMessage("task %s: transition pending -> complete is not allowed".formatted(this.task));
			assertThatExceptionOfType(ForbiddenTransitionException.class)
				.isThrownBy(() -> this.workflows.move(this.step, StepState.WAITING_FOR_RETRY, StepState.ENQUEUED,
						Event.of("Enqueue")))
				.withMessage("step %s: transition waiting_for_retry -> enqueued is not allowed".formatted(this.step));
			this.workflows.move(this.task, TaskState.PENDING, TaskState.INITIALIZING);
		});
		assertThat(this.tasks.state(this.task)).contains(TaskState.INITIALIZING);
	}

	@Test
	void operatorGivesUpABlockedTaskOnly() {
		assertThat(this.tasks.giveUp(this.task, null)).isFalse();
		this.workflows.walk(this.task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES,
				TaskState.EVALUATING_RESULTS, TaskState.BLOCKED_BY_FAILURES);
		assertThat(this.tasks.giveUp(this.task, null)).isTrue();
		assertThat(this.tasks.state(this.task)).contains(TaskState.ERROR);
		assertThat(this.tasks.resolveManually(this.task, null)).isFalse();
	}

	@Test
	void operatorSettlesATaskThatIsNotFinal() {
		assertThat(this.tasks.resolveManually(this.task, Workflows.WORKER)).isTrue();
		assertThat(this.workflows.taskHistory(this.task)).containsExactly("pending", "resolved_manually");
		assertThat(this.tasks.resolveManually(this.task, null)).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PENDING | IN_PROGRESS | f t n f n
			PENDING | ENQUEUED | f f n f n
			PENDING | WAITING_FOR_RETRY | f f n f n
			PENDING | ERROR | f f n f n
			PENDING | CANCELLED | t f t f n
			PENDING | RESOLVED_MANUALLY | t f t f n
			PENDING | COMPLETE | t f t f {"r": 1}
			""")
	void columnsOfAStepGoWithItsState(StepState from, StepState to, String expected) {
		assertThat(this.workflows.move(this.step, from, to, Event.of("Test", "{\"r\": 1}"))).isTrue();
		assertThat(columns()).isEqualTo(expected);
	}

	@Test
	void reportedResultIsStoredAndKept() {
		this.workflows.work(this.step);
		assertThat(columns()).isEqualTo("f t n t n");
		this.workflows.move(this.step, StepState.IN_PROGRESS, StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION,
				Event.of("Test", "{\"r\": 1}"));
		assertThat(columns()).isEqualTo("f f n t {\"r\": 1}");
		this.workflows.move(this.step, StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION, StepState.ERROR,
				Event.of("Fail", "\"why\""));
		assertThat(columns()).isEqualTo("f f n t {\"r\": 1}");
		this.workflows.move(this.step, StepState.ERROR, StepState.RESOLVED_MANUALLY, Event.of("Test"));
		assertThat(columns()).isEqualTo("t f t t {\"r\": 1}");
		this.workflows.move(this.step, StepState.RESOLVED_MANUALLY, StepState.COMPLETE, Event.of("Test"));
		assertThat(columns()).isEqualTo("t f t t n");
	}

	@Test
	void eventOfAStepIsInItsHistory() {
		UUID correlation = UUID.fromString(this.workflows.row("select correlation_id from tasker.tasks"));
		this.workflows.move(this.step, StepState.PENDING, StepState.WAITING_FOR_RETRY,
				new Event("WaitForRetry", "\"no \\\"money\\\"\"", Workflows.WORKER));
		assertThat(this.workflows.row("""
				select (metadata ->> 'event')::jsonb, metadata ->> 'worker_uuid', metadata ->> 'correlation_id',
				  metadata ->> 'timestamp' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00$'
				from tasker.workflow_step_transitions where most_recent
				""")).isEqualTo("{\"data\": \"no \\\"money\\\"\", \"type\": \"WaitForRetry\"} | %s | %s | t"
			.formatted(Workflows.WORKER, correlation));
	}

	@Test
	void eventWithoutDataAndWorkerHasNeither() {
		this.workflows.move(this.step, StepState.PENDING, StepState.ENQUEUED, Event.of("Enqueue"));
		assertThat(this.workflows.row("""
				select (metadata ->> 'event')::jsonb, metadata ? 'worker_uuid'
				from tasker.workflow_step_transitions where most_recent
				""".replace("?", "??"))).isEqualTo("{\"type\": \"Enqueue\"} | f");
	}

	@Test
	void stepThatHasMovedOnIsLeftAlone() {
		assertThat(this.workflows.move(this.step, StepState.IN_PROGRESS, StepState.COMPLETE,
				Event.of("Complete", "{\"r\": 1}")))
			.isFalse();
		assertThat(columns()).isEqualTo("f f n f n");
	}

	@Test
	void unknownTasksAndStepsAreNamed() {
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.tasks.advance(NOBODY, null))
			.withMessage("Task %s does not exist".formatted(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.tasks.giveUp(NOBODY, null));
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.tasks.resolveManually(NOBODY, null));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.tasks.state(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.tasks.executionContext(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.tasks.cancel(NOBODY, null));
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.tasks.finalizeTask(NOBODY, null));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.steps.enqueueReady(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.tasks.settleAndAdvance(NOBODY, null))
			.withMessage("Step %s does not exist".formatted(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.steps.enqueue(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.steps.settle(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.steps.resetForRetry(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.steps.resolveManually(NOBODY));
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.steps.completeManually(NOBODY, null));
	}

	@Test
	void badArgumentsAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.tasks.advance(null, null))
			.withMessage("task must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.steps.enqueue(null))
			.withMessage("step must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.tasks.nextReady(-1))
			.withMessage("limit must not be negative, but is -1");
	}

	// processed, in_process, processed_at, attempted, results
	private String columns() {
		return this.workflows.row("""
				select concat_ws(' ', processed, in_process, case when processed_at is null then 'n' else 't' end,
				  attempts is not null, coalesce(results::text, 'n'))
				from tasker.workflow_steps
				""");
	}

}
