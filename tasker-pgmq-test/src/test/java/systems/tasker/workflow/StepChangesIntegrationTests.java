/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import systems.tasker.messages.StepMessage;
import systems.tasker.workflow.StepTransitions.Event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests steps that are changed other than by work, and what becomes of their tasks.
 */
class StepChangesIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final Steps steps = this.workflows.tasker().steps();

	private final Tasks tasks = this.workflows.tasker().tasks();

	private UUID task;

	private UUID step;

	@BeforeEach
	void createTask() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b", "a"));
		this.task = this.workflows.task();
		this.step = this.workflows.step(this.task, "a");
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	/**
	 * A state, those that an edge leads from, the event, and the columns afterwards:
	 * processed, in process, processed at, result, pause.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					PENDING | WAITING_FOR_RETRY ERROR | Retry | f f n {"r": 0} n
					ENQUEUED | PENDING | Enqueue | f f n {"r": 0} n
					IN_PROGRESS | PENDING ENQUEUED | Start | f t n {"r": 0} n
					ENQUEUED_FOR_ORCHESTRATION | IN_PROGRESS | EnqueueForOrchestration | f f n {"r": 1} n
					ENQUEUED_AS_ERROR_FOR_ORCHESTRATION | IN_PROGRESS | EnqueueAsErrorForOrchestration | f f n {"r": 1} n
					WAITING_FOR_RETRY | PENDING ENQUEUED IN_PROGRESS ENQUEUED_AS_ERROR_FOR_ORCHESTRATION | WaitForRetry | f f n {"r": 0} 1200
					COMPLETE | IN_PROGRESS ENQUEUED_FOR_ORCHESTRATION ENQUEUED_AS_ERROR_FOR_ORCHESTRATION | Complete | t f t {"r": 1} n
					COMPLETE | PENDING ENQUEUED WAITING_FOR_RETRY ERROR COMPLETE CANCELLED RESOLVED_MANUALLY | CompleteManually | t f t {"r": 1} n
					ERROR | PENDING ENQUEUED IN_PROGRESS ENQUEUED_FOR_ORCHESTRATION ENQUEUED_AS_ERROR_FOR_ORCHESTRATION | Fail | f f n {"r": 0} n
					CANCELLED | PENDING ENQUEUED IN_PROGRESS ENQUEUED_FOR_ORCHESTRATION ENQUEUED_AS_ERROR_FOR_ORCHESTRATION | Cancel | t f t {"r": 0} n
					CANCELLED | WAITING_FOR_RETRY ERROR | Cancel | t f t {"r": 0} n
					RESOLVED_MANUALLY | PENDING ENQUEUED IN_PROGRESS ENQUEUED_FOR_ORCHESTRATION | ResolveManually | t f t {"r": 0} n
					RESOLVED_MANUALLY | ENQUEUED_AS_ERROR_FOR_ORCHESTRATION WAITING_FOR_RETRY ERROR | ResolveManually | t f t {"r": 0} n
					RESOLVED_MANUALLY | COMPLETE CANCELLED RESOLVED_MANUALLY | ResolveManually | t f t {"r": 0} n
					""")
	void columnsOfAStepGoWithItsState(StepState to, String from, String event, String columns) {
		for (StepState state : Arrays.stream(from.split(" ")).map(StepState::valueOf).toList()) {
			UUID moving = this.workflows.step(this.workflows.task(), "a");
			bringInto(state, moving);
			this.workflows.execute("""
					update tasker.workflow_steps set results = '{"r": 0}', attempts = 2 where workflow_step_uuid = ?
					""", moving);
			assertThat(this.steps.transition(moving, state, to, Map.of("r", 1))).as(state.name()).isTrue();
			assertThat(this.workflows.state(moving)).isEqualTo(to.sqlName());
			assertThat(this.workflows.row("""
					select (metadata ->> 'event')::jsonb from tasker.workflow_step_transitions
					where most_recent and workflow_step_uuid = ?
					""", moving)).isEqualTo("{\"data\": {\"r\": 1}, \"type\": \"%s\"}", event);
			assertThat(this.workflows.row("""
					select concat_ws(' ', processed, in_process, case when processed_at is null then 'n' else 't' end,
					  results::text, coalesce(backoff_request_seconds::text, 'n'))
					from tasker.workflow_steps where workflow_step_uuid = ? and attempts = 2
					""", moving)).as(state.name()).isEqualTo(columns);
		}
	}

	@Test
	void allEdgesAreCovered() throws Exception {
		String rows = StepChangesIntegrationTests.class
			.getDeclaredMethod("columnsOfAStepGoWithItsState", StepState.class, String.class, String.class,
					String.class)
			.getAnnotation(CsvSource.class)
			.textBlock();
		assertThat(rows.lines()
			.map((row) -> row.split(" \\| "))
			.flatMap((columns) -> Arrays.stream(columns[1].split(" "))
				.map((from) -> from.strip() + " " + columns[0].strip()))
			.map(String::toLowerCase)).containsExactlyInAnyOrderElementsOf(this.workflows.rows("""
					select from_state || ' ' || to_state from tasker.state_edges() where machine = 'step'
					"""));
	}

	@Test
	void stepLeavesOnlyTheStateItIsIn() {
		assertThat(this.steps.transition(this.step, StepState.ENQUEUED, StepState.CANCELLED, null)).isFalse();
		assertThat(this.workflows.stepHistory(this.step)).containsExactly("pending");
		assertThat(this.workflows.count("workflow_steps where processed")).isZero();
	}

	@Test
	void forbiddenEdgeIsNamedAndLeavesTheTransactionUsable() {
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThatExceptionOfType(ForbiddenTransitionException.class)
				.isThrownBy(() -> this.steps.transition(this.step, StepState.WAITING_FOR_RETRY, StepState.ERROR, null))
				.withMessage("step %s: transition waiting_for_retry -> error is not allowed".formatted(this.step));
			this.steps.transition(this.step, StepState.PENDING, StepState.ERROR, null);
		});
		assertThat(this.workflows.state(this.step)).isEqualTo("error");
	}

	@ParameterizedTest
	@EnumSource(names = { "ENQUEUED", "IN_PROGRESS" })
	void stepBeginsOnlyAfterItsParents(StepState to) {
		UUID child = this.workflows.step(this.task, "b");
		assertThat(this.steps.transition(child, StepState.PENDING, to, null)).isFalse();
		assertThat(this.workflows.stepHistory(child)).containsExactly("pending");
		this.steps.resolveManually(this.step);
		assertThat(this.steps.transition(child, StepState.PENDING, to, null)).isTrue();
	}

	@ParameterizedTest
	@EnumSource(names = { "ENQUEUED", "IN_PROGRESS" })
	void stepOfATaskThatIsOverDoesNotBegin(StepState to) {
		this.tasks.resolveManually(this.task, null);
		assertThat(this.steps.transition(this.step, StepState.PENDING, to, null)).isFalse();
		assertThat(this.steps.transition(this.step, StepState.PENDING, StepState.CANCELLED, null)).isTrue();
	}

	@Test
	void retryOfAStepThatWasInProgressIsReadyAfterItsPause() {
		this.workflows.work(this.step);
		this.steps.transition(this.step, StepState.IN_PROGRESS, StepState.WAITING_FOR_RETRY, "The machine went down");
		assertThat(this.workflows.readiness(this.task, "a").ready()).isFalse();
		this.workflows
			.execute("update tasker.workflow_steps set last_attempted_at = last_attempted_at - interval '1 hour'");
		assertThat(this.workflows.readiness(this.task, "a").ready()).isTrue();
	}

	@Test
	void taskIsCompleteAfterItsLastStepWasSettledByHand() {
		this.tasks.advance(this.task, null);
		this.steps.completeManually(this.step, 1);
		assertThat(this.tasks.state(this.task)).contains(TaskState.STEPS_IN_PROCESS);
		assertThat(this.tasks.advance(this.task, null).enqueued()).extracting(StepMessage::stepUuid)
			.containsExactly(this.workflows.step(this.task, "b"));
		this.workflows.transaction().executeWithoutResult((status) -> {
			this.steps.resolveManually(this.workflows.step(this.task, "b"));
			assertThat(this.tasks.advance(this.task, null)).isEqualTo(new TaskProgress(TaskState.COMPLETE, List.of()));
		});
	}

	@Test
	void stepThatIsResetInTimeIsEnqueuedAgain() {
		this.tasks.advance(this.task, null);
		this.steps.transition(this.step, StepState.ENQUEUED, StepState.ERROR, "No use");
		this.steps.resetForRetry(this.step);
		this.workflows.execute("update tasker.workflow_step_transitions set created_at = created_at - interval '1 h'");
		assertThat(this.tasks.advance(this.task, null).enqueued()).extracting(StepMessage::stepUuid)
			.containsExactly(this.step);
	}

	@Test
	void taskThatIsBlockedIsEndedByAnOperator() {
		this.tasks.advance(this.task, null);
		this.steps.transition(this.step, StepState.ENQUEUED, StepState.ERROR, "No use");
		assertThat(this.tasks.advance(this.task, null).state()).isEqualTo(TaskState.BLOCKED_BY_FAILURES);
		this.steps.resolveManually(this.step);
		assertThat(this.tasks.advance(this.task, null))
			.isEqualTo(new TaskProgress(TaskState.BLOCKED_BY_FAILURES, List.of()));
		assertThat(this.tasks.resolveManually(this.task, null)).isTrue();
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPLETE", "PENDING", "CANCELLED" })
	void changeWaitsForTheTaskBeforeItTakesTheStep(StepState to) {
		CompletableFuture<Boolean> changed = this.workflows.transaction().execute((status) -> {
			this.workflows.walk(this.task, TaskState.INITIALIZING);
			CompletableFuture<Boolean> changing = CompletableFuture.supplyAsync(() -> switch (to) {
				case COMPLETE -> this.steps.completeManually(this.step, 1);
				case PENDING -> this.steps.resetForRetry(this.step);
				default -> this.steps.transition(this.step, StepState.CANCELLED, StepState.RESOLVED_MANUALLY, null);
			});
			await().atMost(Duration.ofSeconds(30)).until(this.workflows::somebodyWaitsForALock);
			this.tasks.cancel(this.task, null);
			return changing;
		});
		assertThat(changed.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(to != StepState.PENDING);
	}

	@Test
	void badArgumentsAreNamed() {
		UUID nobody = UUID.randomUUID();
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.steps.transition(nobody, StepState.PENDING, StepState.CANCELLED, null))
			.withMessage("Step %s does not exist".formatted(nobody));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.steps.transition(this.step, null, StepState.CANCELLED, null))
			.withMessage("from must not be null");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.steps.transition(this.step, StepState.PENDING, StepState.ERROR, "\0"))
			.withMessageStartingWith("data cannot be stored as JSON");
	}

	private void bringInto(StepState state, UUID step) {
		if (state.sqlName().startsWith("enqueued_")) {
			bringInto(StepState.IN_PROGRESS, step);
			this.workflows.move(step, StepState.IN_PROGRESS, state, Event.of("Test"));
		}
		else if (state != StepState.PENDING) {
			this.workflows.move(step, StepState.PENDING, state, Event.of("Test"));
		}
	}

}
