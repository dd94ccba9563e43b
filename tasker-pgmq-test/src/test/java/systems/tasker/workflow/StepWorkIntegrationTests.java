/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class StepWorkIntegrationTests {

	private static final UUID NOBODY = new UUID(0x7000, 0x8000_0000_0000_0000L);

	private final Workflows workflows = new Workflows();

	private final StepWork work = this.workflows.tasker().work();

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

	@Test
	void enqueuedStepIsClaimedOnce() {
		this.workflows.execute("update tasker.tasks set context = '{\"n\": [1, null, 1.10]}'");
		assertThat(this.work.claim(this.step, Workflows.WORKER)).isEmpty();
		this.workflows.tasker().steps().enqueue(this.step);
		assertThat(this.work.claim(this.step, Workflows.WORKER)).hasValueSatisfying((claimed) -> {
			assertThat(claimed.stepUuid()).isEqualTo(this.step);
			assertThat(claimed.taskUuid()).isEqualTo(this.task);
			assertThat(claimed.attempts()).isEqualTo(1);
			assertThat(claimed.name()).isEqualTo("a");
			assertThat(claimed.correlationId())
				.hasToString(this.workflows.row("select correlation_id from tasker.tasks"));
			assertThat(claimed.context()).isEqualTo(Map.of("n", Arrays.asList(1, null, new BigDecimal("1.10"))));
			assertThat(claimed.inputs()).isNull();
			assertThat(claimed.checkpoint()).isNull();
		});
		assertThat(this.work.claim(this.step, Workflows.WORKER)).isEmpty();
	}

	@Test
	void inputsOfAStepComeWithIt() {
		this.workflows.execute("""
				update tasker.workflow_steps set inputs = '{"shelf": [7, 1.10]}' where workflow_step_uuid = ?
				""", this.step);
		this.workflows.tasker().steps().enqueue(this.step);
		assertThat(this.work.claim(this.step, Workflows.WORKER).orElseThrow().inputs())
			.isEqualTo(Map.of("shelf", List.of(7, new BigDecimal("1.10"))));
	}

	@Test
	void oneOfTenWorkersGetsAStep() throws Exception {
		this.workflows.tasker().steps().enqueue(this.step);
		List<Object> claims = Workflows.inTenThreads(() -> this.work.claim(this.step, UUID.randomUUID()));
		assertThat(claims).hasSize(10).allMatch(Optional.class::isInstance);
		assertThat(claims.stream().filter((claim) -> !claim.equals(Optional.empty()))).hasSize(1);
		assertThat(this.workflows.readiness(this.task, "a").attempts()).isEqualTo(1);
	}

	@Test
	void successGoesToTheOrchestrationAndIsAudited() {
		this.workflows.work(this.step);
		assertThat(this.work.report(Workflows.success(this.step, Map.of("total", 3)), 1, Workflows.WORKER)).isTrue();
		assertThat(this.workflows.state(this.step)).isEqualTo("enqueued_for_orchestration");
		assertThat(this.workflows.row("""
				select in_process, processed, results -> 'result', results -> 'success', results ->> 'step_uuid'
				from tasker.workflow_steps where workflow_step_uuid = ?
				""", this.step)).isEqualTo("f | f | {\"total\": 3} | true | " + this.step);
		assertThat(audit()).isEqualTo(Workflows.WORKER + " | t | t | 77");
	}

	@Test
	void failureGoesToTheOrchestrationAndIsAudited() {
		this.workflows.work(this.step);
		assertThat(this.work.report(Workflows.failure(this.step, true), 1, Workflows.WORKER)).isTrue();
		assertThat(this.workflows.state(this.step)).isEqualTo("enqueued_as_error_for_orchestration");
		assertThat(this.workflows.row("""
				select results #>> '{error,message}' from tasker.workflow_steps where workflow_step_uuid = ?
				""", this.step)).isEqualTo("No answer");
		assertThat(audit()).isEqualTo(Workflows.WORKER + " | t | f | 5");
	}

	@Test
	void secondReportIsRefused() {
		this.workflows.work(this.step);
		this.work.report(Workflows.success(this.step, 1), 1, Workflows.WORKER);
		assertThat(this.work.report(Workflows.failure(this.step, true), 1, Workflows.WORKER)).isFalse();
		assertThat(this.workflows.row("""
				select results ->> 'success' from tasker.workflow_steps where workflow_step_uuid = ?
				""", this.step)).isEqualTo("true");
	}

	@Test
	void reportOfAnEarlierAttemptIsRefused() {
		int late = this.workflows.work(this.step);
		this.work.report(Workflows.failure(this.step, true), late, Workflows.WORKER);
		this.workflows.tasker().steps().settle(this.step);
		this.workflows.execute("update tasker.workflow_steps set backoff_request_seconds = 0");
		int current = this.workflows.work(this.step);
		List<String> history = this.workflows.stepHistory(this.step);
		assertThat(this.work.report(Workflows.success(this.step, "late"), late, Workflows.WORKER)).isFalse();
		assertThat(this.work.report(Workflows.failure(this.step, true), late, Workflows.WORKER)).isFalse();
		assertThat(this.work.report(Workflows.success(this.step, "early"), current + 1, Workflows.WORKER)).isFalse();
		assertThat(this.workflows.stepHistory(this.step)).isEqualTo(history).endsWith("in_progress");
		assertThat(this.workflows.row("""
				select in_process, results ->> 'success' from tasker.workflow_steps where workflow_step_uuid = ?
				""", this.step)).isEqualTo("t | false");
		assertThat(this.work.report(Workflows.success(this.step, "in time"), current, Workflows.WORKER)).isTrue();
		assertThat(this.workflows.row("""
				select results ->> 'result' from tasker.workflow_steps where workflow_step_uuid = ?
				""", this.step)).isEqualTo("in time");
	}

	@Test
	void unknownStepsAreNamed() {
		String message = "Step %s does not exist".formatted(NOBODY);
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.work.claim(NOBODY, Workflows.WORKER))
			.withMessage(message);
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.work.report(Workflows.success(NOBODY, 1), 1, Workflows.WORKER))
			.withMessage(message);
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.work.saveCheckpoint(NOBODY, 1, new Checkpoint(1, 1, null)))
			.withMessage(message);
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.work.clearCheckpoint(NOBODY, 1))
			.withMessage(message);
		assertThatExceptionOfType(TaskerNotFoundException.class).isThrownBy(() -> this.work.resultsBefore(NOBODY))
			.withMessage(message);
	}

	@Test
	void badArgumentsAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.work.claim(this.step, null))
			.withMessage("worker must not be null");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.work.report(Workflows.success(this.step, "\0"), 1, Workflows.WORKER))
			.withMessageStartingWith("result cannot be stored as JSON");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.work.saveCheckpoint(this.step, 1, new Checkpoint("\0", 1, null)))
			.withMessageStartingWith("cursor cannot be stored as JSON");
		assertThatIllegalArgumentException().isThrownBy(() -> new Checkpoint(1, -1, null))
			.withMessage("itemsProcessed must not be negative, but is -1");
	}

	private String audit() {
		return this.workflows.row("""
				select a.worker_uuid, a.correlation_id = t.correlation_id, a.success, a.execution_time_ms
				from tasker.workflow_step_result_audit a join tasker.tasks t on t.task_uuid = a.task_uuid
				""");
	}

}
