/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import systems.tasker.messages.StepMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * A diamond of steps is driven to its end, and looked at on the way.
 */
class DiscoveryAndDiamondIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final TaskerDatabase tasker = this.workflows.tasker();

	private UUID task;

	@BeforeEach
	void createDiamond() {
		this.tasker.templates().save(Workflows.diamond());
		this.task = this.tasker.tasks().create(Workflows.request().priority(5).build());
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void diamondRunsFromTopToBottom() {
		require("PENDING 4 4 0 0 0 1 0 HAS_READY_STEPS execute_ready_steps 0.00 healthy");
		assertThat(this.tasker.tasks().nextReady(5)).singleElement().satisfies((ready) -> {
			assertThat(ready.taskUuid()).isEqualTo(this.task);
			assertThat(ready.name()).isEqualTo("work");
			assertThat(ready.namespace()).isEqualTo("ns");
			assertThat(ready.priority()).isEqualTo(5);
			assertThat(ready.computedPriority().doubleValue()).isBetween(5.0, 5.1);
			assertThat(ready.state()).isEqualTo(TaskState.PENDING);
			assertThat(ready.readySteps()).isEqualTo(1);
		});
		this.workflows.walk(this.task, TaskState.INITIALIZING, TaskState.ENQUEUING_STEPS);
		assertThat(this.tasker.steps().enqueueReady(this.task)).extracting(StepMessage::stepUuid)
			.containsExactly(step("a"));
		this.workflows.walk(this.task, TaskState.STEPS_IN_PROCESS);
		require("STEPS_IN_PROCESS 4 3 0 0 0 0 1 PROCESSING wait_for_completion 0.00 healthy");
		assertThat(this.tasker.tasks().nextReady(5)).isEmpty();
		this.tasker.work().claim(step("a"), Workflows.WORKER);
		require("STEPS_IN_PROCESS 4 3 1 0 0 0 0 PROCESSING wait_for_completion 0.00 healthy");
		this.tasker.work().report(Workflows.success(step("a"), 1), 1, Workflows.WORKER);
		require("STEPS_IN_PROCESS 4 3 0 0 0 0 1 PROCESSING wait_for_completion 0.00 healthy");
		this.tasker.steps().settle(step("a"));
		this.workflows.walk(this.task, TaskState.EVALUATING_RESULTS);
		require("EVALUATING_RESULTS 4 3 0 1 0 2 0 HAS_READY_STEPS execute_ready_steps 25.00 healthy");
		this.workflows.walk(this.task, TaskState.ENQUEUING_STEPS);
		assertThat(this.tasker.steps().enqueueReady(this.task)).extracting(StepMessage::stepUuid)
			.containsExactlyInAnyOrder(step("b"), step("c"));
		this.workflows.walk(this.task, TaskState.STEPS_IN_PROCESS);
		this.tasker.work().claim(step("b"), Workflows.WORKER);
		this.tasker.work().claim(step("c"), Workflows.WORKER);
		this.tasker.work().report(Workflows.failure(step("b"), true), 1, Workflows.WORKER);
		this.tasker.work().report(Workflows.success(step("c"), 1), 1, Workflows.WORKER);
		assertThat(this.tasker.steps().settle(step("b"))).contains(StepState.WAITING_FOR_RETRY);
		this.tasker.steps().settle(step("c"));
		this.workflows.walk(this.task, TaskState.WAITING_FOR_RETRY);
		require("WAITING_FOR_RETRY 4 1 0 2 0 0 0 WAITING_FOR_DEPENDENCIES wait_for_dependencies 50.00 healthy");
		assertThat(this.tasker.tasks().nextReady(5)).isEmpty();
		assertThat(this.tasker.steps().enqueueReady(this.task)).isEmpty();
		this.workflows
			.execute("update tasker.workflow_steps set last_attempted_at = last_attempted_at - interval '1 h'");
		require("WAITING_FOR_RETRY 4 1 0 2 0 1 0 HAS_READY_STEPS execute_ready_steps 50.00 healthy");
		assertThat(this.tasker.tasks().nextReady(5)).singleElement()
			.extracting(ReadyTask::state)
			.isEqualTo(TaskState.WAITING_FOR_RETRY);
		this.workflows.complete(step("b"));
		this.workflows.complete(step("d"));
		require("WAITING_FOR_RETRY 4 0 0 4 0 0 0 ALL_COMPLETE finalize_task 100.00 healthy");
		assertThat(this.tasker.tasks().finalizeTask(this.task, null)).isEqualTo(TaskState.COMPLETE);
		assertThat(this.workflows.row("select complete from tasker.tasks")).isEqualTo("t");
		assertThat(this.workflows.count("workflow_step_result_audit")).isEqualTo(5);
	}

	@Test
	void failureForGoodBlocksTheDiamond() {
		this.workflows.complete(step("a"));
		this.workflows.work(step("b"));
		this.tasker.work().report(Workflows.failure(step("b"), false), 1, Workflows.WORKER);
		this.tasker.steps().settle(step("b"));
		require("PENDING 4 2 0 1 1 1 0 BLOCKED_BY_FAILURES handle_failures 25.00 blocked");
		this.tasker.steps().resolveManually(step("b"));
		require("PENDING 4 2 0 2 0 1 0 HAS_READY_STEPS execute_ready_steps 50.00 healthy");
	}

	@Test
	void readinessSaysWhyAStepCannotRun() {
		this.workflows.complete(step("a"));
		this.workflows.complete(step("b"));
		StepReadiness child = this.workflows.readiness(this.task, "d");
		assertThat(child.dependenciesSatisfied()).isFalse();
		assertThat(child.totalParents()).isEqualTo(2);
		assertThat(child.completedParents()).isEqualTo(1);
		assertThat(child.retryEligible()).isTrue();
		assertThat(child.ready()).isFalse();
		assertThat(child.maxAttempts()).isEqualTo(3);
		assertThat(child.nextRetryAt()).isNull();
		StepReadiness done = this.workflows.readiness(this.task, "b");
		assertThat(done.state()).isEqualTo(StepState.COMPLETE);
		assertThat(done.attempts()).isEqualTo(1);
		assertThat(done.lastAttemptedAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
	}

	@Test
	void batchesHoldEachTaskOnce() {
		UUID other = this.tasker.tasks().create(Workflows.request().context("other").build());
		List<UUID> tasks = List.of(this.task, other, this.task, UUID.randomUUID());
		assertThat(this.tasker.steps().readiness(tasks)).hasSize(8);
		assertThat(this.tasker.steps().readiness(List.of())).isEmpty();
		assertThat(this.tasker.steps().readiness(UUID.randomUUID())).isEmpty();
	}

	@Test
	void discoveredTaskIsLockedUntilTheTransactionEnds() {
		UUID other = this.tasker.tasks().create(Workflows.request().context("other").priority(1).build());
		this.workflows.transaction().executeWithoutResult((first) -> {
			assertThat(this.tasker.tasks().nextReady(1)).extracting(ReadyTask::taskUuid).containsExactly(this.task);
			List<ReadyTask> others = CompletableFuture.supplyAsync(() -> this.tasker.tasks().nextReady(5))
				.orTimeout(30, TimeUnit.SECONDS)
				.join();
			assertThat(others).extracting(ReadyTask::taskUuid).containsExactly(other);
		});
		assertThat(this.tasker.tasks().nextReady(5)).hasSize(2);
		assertThat(this.tasker.tasks().nextReady(0)).isEmpty();
	}

	private UUID step(String name) {
		return this.workflows.step(this.task, name);
	}

	// State; total, pending, in progress, completed, failed, ready, enqueued; the rest.
	private void require(String expected) {
		TaskExecutionContext context = this.tasker.tasks().executionContext(this.task);
		assertThat("%s %d %d %d %d %d %d %d %s %s %s %s".formatted(context.state(), context.totalSteps(),
				context.pendingSteps(), context.inProgressSteps(), context.completedSteps(), context.failedSteps(),
				context.readySteps(), context.enqueuedSteps(), context.executionStatus(), context.recommendedAction(),
				context.completionPercentage(), context.healthStatus()))
			.isEqualTo(expected);
	}

}
