/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import systems.tasker.messages.StepMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class StalledStepsIntegrationTests {

	private static final Map<StepState, Duration> ANY = Arrays.stream(StepState.values())
		.collect(Collectors.toMap(Function.identity(), (state) -> Duration.ZERO));

	private final Workflows workflows = new Workflows();

	private final Steps steps = this.workflows.tasker().steps();

	private UUID task;

	private UUID step;

	@BeforeEach
	void enqueueStep() {
		this.workflows.template(StepTemplate.of("a"));
		this.task = this.workflows.task();
		this.step = this.workflows.step(this.task, "a");
		this.steps.enqueue(this.step);
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void stepThatIsInItsStateForLongEnoughIsFound() {
		Map<StepState, Duration> ages = Map.of(StepState.ENQUEUED, Duration.ofSeconds(60), StepState.IN_PROGRESS,
				Duration.ZERO);
		age("59.5 seconds");
		assertThat(this.steps.stalled("ns", ages, 5)).isEmpty();
		age("500 milliseconds");
		UUID correlation = UUID.fromString(this.workflows.row("select correlation_id from tasker.tasks"));
		assertThat(this.steps.stalled("ns", ages, 5))
			.containsExactly(new StalledStep(this.step, this.task, correlation, StepState.ENQUEUED, 0))
			.extracting(StalledStep::message)
			.containsExactly(new StepMessage(this.task, this.step, correlation));
	}

	@Test
	void eachStateHasItsOwnAge() {
		UUID claimed = this.workflows.step(this.workflows.task(), "a");
		this.workflows.work(claimed);
		age("90 seconds");
		assertThat(this.steps.stalled("ns",
				Map.of(StepState.ENQUEUED, Duration.ofMinutes(2), StepState.IN_PROGRESS, Duration.ofMinutes(1)), 5))
			.singleElement()
			.satisfies((found) -> assertThat(found)
				.extracting(StalledStep::stepUuid, StalledStep::state, StalledStep::attempts)
				.containsExactly(claimed, StepState.IN_PROGRESS, 1));
	}

	@Test
	void stateThatIsNotAskedForIsNotFound() {
		assertThat(this.steps.stalled("ns", Map.of(StepState.IN_PROGRESS, Duration.ZERO), 5)).isEmpty();
		assertThat(this.steps.stalled("ns", Map.of(), 5)).isEmpty();
	}

	@Test
	void longestComesFirstUpToTheLimit() {
		age("1 minute");
		UUID younger = this.workflows.step(this.workflows.task(), "a");
		assertThat(this.steps.stalled("ns", ANY, 5)).extracting(StalledStep::stepUuid)
			.containsExactly(this.step, younger);
		assertThat(this.steps.stalled("ns", ANY, 1)).extracting(StalledStep::stepUuid).containsExactly(this.step);
		assertThat(this.steps.stalled("ns", ANY, 0)).isEmpty();
	}

	@Test
	void stepOfAnotherNamespaceIsNotFound() {
		assertThat(this.steps.stalled("other", ANY, 5)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPLETE", "ERROR", "CANCELLED", "RESOLVED_MANUALLY" })
	void stepOfAFinalTaskIsNotFound(TaskState state) {
		this.workflows.walk(this.task, TaskState.INITIALIZING, TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
		assertThat(this.steps.stalled("ns", ANY, 5)).hasSize(1);
		this.workflows.walk(this.task, state);
		assertThat(this.steps.stalled("ns", ANY, 5)).isEmpty();
	}

	@Test
	void stepOfABlockedTaskIsNotFound() {
		this.workflows.walk(this.task, TaskState.INITIALIZING, TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS,
				TaskState.EVALUATING_RESULTS);
		assertThat(this.steps.stalled("ns", ANY, 5)).hasSize(1);
		this.workflows.walk(this.task, TaskState.BLOCKED_BY_FAILURES);
		assertThat(this.steps.stalled("ns", ANY, 5)).isEmpty();
	}

	@Test
	void stepThatWasFoundCanBeClaimedInTheMeantime() {
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThat(this.steps.stalled("ns", ANY, 5)).hasSize(1);
			assertThat(CompletableFuture
				.supplyAsync(() -> this.workflows.tasker().work().claim(this.step, Workflows.WORKER))
				.orTimeout(30, TimeUnit.SECONDS)
				.join()).isPresent();
		});
	}

	@Test
	void limitMustNotBeNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.steps.stalled("ns", ANY, -1))
			.withMessage("limit must not be negative, but is -1");
	}

	private void age(String interval) {
		this.workflows.execute("update tasker.workflow_step_transitions set created_at = created_at - interval '%s'"
			.formatted(interval));
	}

}
