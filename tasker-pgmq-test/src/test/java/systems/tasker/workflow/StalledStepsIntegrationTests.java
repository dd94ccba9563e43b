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
import static org.awaitility.Awaitility.await;

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
	void foundStepIsLockedUntilTheTransactionEnds() {
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThat(this.steps.stalled("ns", ANY, 5)).hasSize(1);
			List<StalledStep> others = CompletableFuture.supplyAsync(() -> this.steps.stalled("ns", ANY, 5))
				.orTimeout(30, TimeUnit.SECONDS)
				.join();
			assertThat(others).isEmpty();
		});
		assertThat(this.steps.stalled("ns", ANY, 5)).hasSize(1);
	}

	// Or a worker would be taken for dead that has just begun.
	@Test
	void attemptIsTheOneOfTheStateThatWasFoundThoughAnotherHasBegun() {
		this.workflows.tasker().work().claim(this.step, Workflows.WORKER);
		this.workflows.execute("alter table tasker.task_namespaces rename to namespaces");
		this.workflows.execute("""
				create view tasker.task_namespaces as
				select n.* from tasker.namespaces n where pg_advisory_xact_lock_shared(1) is not null
				""");
		CompletableFuture<List<StalledStep>> stalled = this.workflows.transaction().execute((status) -> {
			this.workflows.row("select pg_advisory_xact_lock(1)");
			CompletableFuture<List<StalledStep>> waiting = CompletableFuture
				.supplyAsync(() -> this.steps.stalled("ns", ANY, 5));
			await().until(() -> this.workflows.row("select count(*) from pg_locks where not granted").equals("1"));
			this.workflows.tasker().work().report(Workflows.failure(this.step, true), 1, Workflows.WORKER);
			this.steps.settle(this.step);
			this.workflows.execute("update tasker.workflow_steps set last_attempted_at = 'epoch'");
			this.steps.enqueue(this.step);
			assertThat(this.workflows.tasker().work().claim(this.step, Workflows.WORKER)).isPresent();
			return waiting;
		});
		assertThat(stalled.orTimeout(30, TimeUnit.SECONDS).join()).singleElement()
			.satisfies((found) -> assertThat(found).extracting(StalledStep::state, StalledStep::attempts)
				.containsExactly(StepState.IN_PROGRESS, 1));
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
