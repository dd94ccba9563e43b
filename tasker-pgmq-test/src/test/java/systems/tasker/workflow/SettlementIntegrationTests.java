/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import systems.tasker.messages.BackoffHint;
import systems.tasker.messages.BackoffType;
import systems.tasker.messages.OrchestrationMetadata;
import systems.tasker.messages.StepMessage;

import static org.assertj.core.api.Assertions.assertThat;

class SettlementIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final Steps steps = this.workflows.tasker().steps();

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
	void successCompletesTheStepAndKeepsItsResult() {
		this.workflows.work(this.step);
		this.work.report(Workflows.success(this.step, new BigDecimal("1.10")), 1, Workflows.WORKER);
		String before = results();
		assertThat(this.steps.settle(this.step)).contains(StepState.COMPLETE);
		assertThat(results()).isEqualTo(before).contains("1.10");
		assertThat(this.workflows.row("""
				select processed, in_process, processed_at is not null from tasker.workflow_steps
				where workflow_step_uuid = ?
				""", this.step)).isEqualTo("t | f | t");
		assertThat(this.workflows.readiness(this.task, "b").ready()).isTrue();
		assertThat(this.steps.settle(this.step)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			{"metadata": {"retryable": true}} | 1 | 3 | WAITING_FOR_RETRY
			{"metadata": {"retryable": true}} | 2 | 3 | WAITING_FOR_RETRY
			{"metadata": {"retryable": true}} | 3 | 3 | ERROR
			{"metadata": {"retryable": true}} | 1 | - | ERROR
			{"metadata": {"retryable": true}} | - | 1 | WAITING_FOR_RETRY
			{"metadata": {"retryable": false}} | 1 | 3 | ERROR
			{"metadata": {}} | 1 | 3 | ERROR
			{"metadata": {"retryable": "true"}} | 1 | 3 | ERROR
			"text" | 1 | 3 | WAITING_FOR_RETRY
			"text" | 3 | 3 | ERROR
			- | 1 | 3 | WAITING_FOR_RETRY
			""")
	void failureIsTriedAgainWhenThatCanHelpAndAnAttemptIsLeft(String results, String attempts, String maxAttempts,
			StepState expected) {
		this.workflows.work(this.step);
		this.work.report(Workflows.failure(this.step, true), 1, Workflows.WORKER);
		this.workflows.execute("""
				update tasker.workflow_steps set results = nullif(?, '-')::jsonb, attempts = nullif(?, '-')::integer,
				  max_attempts = nullif(?, '-')::integer
				where workflow_step_uuid = ?
				""", results, attempts, maxAttempts, this.step);
		assertThat(this.steps.settle(this.step)).contains(expected);
		assertThat(this.workflows.state(this.step)).isEqualTo(expected.sqlName());
		assertThat(this.workflows.row("""
				select in_process, processed, backoff_request_seconds is not null from tasker.workflow_steps
				where workflow_step_uuid = ?
				""", this.step)).isEqualTo((expected == StepState.ERROR) ? "f | f | f" : "f | f | t");
	}

	@Test
	void pauseDoublesWithEachAttemptAndThenTheStepFails() {
		fail();
		assertThat(this.workflows.readiness(this.task, "a").backoffSeconds()).isEqualTo(2);
		assertThat(this.steps.enqueue(this.step)).isEmpty();
		passPause();
		fail();
		assertThat(this.workflows.readiness(this.task, "a").backoffSeconds()).isEqualTo(4);
		passPause();
		fail();
		assertThat(this.workflows.state(this.step)).isEqualTo("error");
		assertThat(this.workflows.stepHistory(this.step)).containsExactly("pending", "enqueued", "in_progress",
				"enqueued_as_error_for_orchestration", "waiting_for_retry", "pending", "enqueued", "in_progress",
				"enqueued_as_error_for_orchestration", "waiting_for_retry", "pending", "enqueued", "in_progress",
				"enqueued_as_error_for_orchestration", "error");
	}

	@ParameterizedTest
	@CsvSource({ "Retry-After, 30, 30", "retry-after, 30, 30", "RETRY-AFTER, 99999, 3600",
			"Retry-After, 'Wed, 21 Oct 2015 07:28:00 GMT', 0", "Retry-After, soon, 2", "X-Other, 30, 2" })
	void serverDecidesAboutThePause(String header, String value, int seconds) {
		this.workflows.work(this.step);
		this.work.report(
				Workflows.failure(this.step, true)
					.withOrchestrationMetadata(new OrchestrationMetadata(Map.of(header, value), null, null, null)),
				1, Workflows.WORKER);
		this.steps.settle(this.step);
		assertThat(this.workflows.readiness(this.task, "a").backoffSeconds()).isEqualTo(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "600, 600", "4294967295, 3600", "0, 0" })
	void workerDecidesAboutThePauseIfTheServerDoesNot(long hint, int seconds) {
		failWith(OrchestrationMetadata.of(new BackoffHint(BackoffType.SERVER_REQUESTED, hint, null)));
		assertThat(this.workflows.readiness(this.task, "a").backoffSeconds()).isEqualTo(seconds);
	}

	@Test
	void serverCountsBeforeTheWorker() {
		failWith(new OrchestrationMetadata(Map.of("Retry-After", "30"), null,
				new BackoffHint(BackoffType.SERVER_REQUESTED, 600, null), null));
		assertThat(this.workflows.readiness(this.task, "a").backoffSeconds()).isEqualTo(30);
	}

	@ParameterizedTest
	@CsvSource({ "3, WAITING_FOR_RETRY", "1, ERROR" })
	void resultThatCannotBeReadLeavesItToTheAttempts(int maxAttempts, StepState expected) {
		for (String unreadable : List.of("{\"n\":1" + "0".repeat(1500) + "}", "[".repeat(501) + "]".repeat(501))) {
			UUID unread = this.workflows.step(this.workflows.task(), "a");
			this.workflows.work(unread);
			this.work.report(Workflows.failure(unread, false), 1, Workflows.WORKER);
			this.workflows.execute("""
					update tasker.workflow_steps set results = ?::jsonb, max_attempts = ? where workflow_step_uuid = ?
					""", unreadable, maxAttempts, unread);
			assertThat(this.steps.settle(unread)).contains(expected);
		}
	}

	@Test
	void pauseOutlivesAReset() {
		failWith(new OrchestrationMetadata(Map.of("Retry-After", "3600"), null, null, null));
		passPause();
		this.work.report(Workflows.failure(this.step, false), this.workflows.work(this.step), Workflows.WORKER);
		this.steps.settle(this.step);
		this.steps.resetForRetry(this.step);
		assertThat(this.workflows.readiness(this.task, "a").ready()).isFalse();
		this.workflows.execute("""
				update tasker.workflow_steps set last_attempted_at = last_attempted_at - interval '1 hour'
				""");
		this.workflows.execute("""
				update tasker.workflow_step_transitions set created_at = created_at - interval '1 hour'
				""");
		assertThat(this.workflows.readiness(this.task, "a").ready()).isTrue();
	}

	@Test
	void manyStepsTakeOneSavepoint() {
		this.workflows.template(IntStream.range(0, 60)
			.mapToObj((number) -> StepTemplate.of("s" + number))
			.toArray(StepTemplate[]::new));
		UUID big = this.workflows.task();
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThat(this.steps.enqueueReady(big)).hasSize(60);
			assertThat(subtransactions()).isLessThan(3);
			this.workflows.tasker().tasks().cancel(big, null);
			assertThat(subtransactions()).isLessThan(4);
		});
	}

	private long subtransactions() {
		return Long.parseLong(this.workflows.row("""
				select s.subxact_count
				from pg_stat_get_backend_idset() b
				cross join lateral pg_stat_get_backend_subxact(b) s
				where pg_stat_get_backend_pid(b) = pg_backend_pid()
				"""));
	}

	private void failWith(OrchestrationMetadata metadata) {
		this.workflows.work(this.step);
		this.work.report(Workflows.failure(this.step, true).withOrchestrationMetadata(metadata), 1, Workflows.WORKER);
		this.steps.settle(this.step);
	}

	@Test
	void messageOfTheFailureIsInTheHistory() {
		fail();
		assertThat(this.workflows.row("""
				select (metadata ->> 'event')::jsonb from tasker.workflow_step_transitions
				where most_recent and workflow_step_uuid = ?
				""", this.step)).isEqualTo("{\"data\": \"No answer\", \"type\": \"WaitForRetry\"}");
	}

	@Test
	void stepWithoutAReportIsLeftAlone() {
		assertThat(this.steps.settle(this.step)).isEmpty();
		this.workflows.work(this.step);
		assertThat(this.steps.settle(this.step)).isEmpty();
		assertThat(this.workflows.state(this.step)).isEqualTo("in_progress");
	}

	@Test
	void tenThreadsSettleAResultOnce() throws Exception {
		this.workflows.work(this.step);
		this.work.report(Workflows.failure(this.step, true), 1, Workflows.WORKER);
		List<Object> outcomes = Workflows.inTenThreads(() -> this.steps.settle(this.step).isPresent());
		assertThat(outcomes).hasSize(10).containsOnlyOnce(true).allMatch(Boolean.class::isInstance);
	}

	@Test
	void onlyReadyStepsAreEnqueued() {
		UUID child = this.workflows.step(this.task, "b");
		assertThat(this.steps.enqueue(child)).isEmpty();
		assertThat(this.workflows.state(child)).isEqualTo("pending");
		assertThat(this.steps.enqueueReady(this.task)).containsExactly(new StepMessage(this.task, this.step,
				UUID.fromString(this.workflows.row("select correlation_id from tasker.tasks"))));
		assertThat(this.steps.enqueueReady(this.task)).isEmpty();
		assertThat(this.steps.enqueue(this.step)).isEmpty();
	}

	@Test
	void tenThreadsEnqueueAStepOnce() throws Exception {
		assertThat(Workflows.inTenThreads(() -> this.steps.enqueue(this.step).isPresent())).hasSize(10)
			.containsOnlyOnce(true)
			.allMatch(Boolean.class::isInstance);
	}

	@Test
	void resetGivesAllAttemptsAgain() {
		assertThat(this.steps.resetForRetry(this.step)).isFalse();
		this.workflows.work(this.step);
		this.work.report(Workflows.failure(this.step, false), 1, Workflows.WORKER);
		assertThat(this.steps.settle(this.step)).contains(StepState.ERROR);
		assertThat(this.steps.resetForRetry(this.step)).isTrue();
		assertThat(this.workflows.readiness(this.task, "a")).satisfies((readiness) -> {
			assertThat(readiness.state()).isEqualTo(StepState.PENDING);
			assertThat(readiness.attempts()).isZero();
			assertThat(readiness.lastFailureAt()).isNotNull();
		});
	}

	@Test
	void operatorMaySettleStepsInAnyState() {
		UUID child = this.workflows.step(this.task, "b");
		assertThat(this.steps.resolveManually(this.step)).isTrue();
		assertThat(this.workflows.readiness(this.task, "b").ready()).isTrue();
		assertThat(this.steps.completeManually(this.step, Map.of("by", "hand"))).isTrue();
		assertThat(results()).isEqualTo("{\"by\": \"hand\"}");
		assertThat(this.steps.completeManually(child, null)).isTrue();
		assertThat(this.workflows.stepHistory(this.step)).containsExactly("pending", "resolved_manually", "complete");
		this.workflows.execute("delete from tasker.workflow_step_transitions");
		assertThat(this.steps.resolveManually(this.step)).isFalse();
	}

	private void fail() {
		this.work.report(Workflows.failure(this.step, true), this.workflows.work(this.step), Workflows.WORKER);
		this.steps.settle(this.step).orElseThrow();
	}

	private void passPause() {
		this.workflows.execute("""
				update tasker.workflow_steps set last_attempted_at = last_attempted_at - interval '1 hour'
				""");
	}

	private String results() {
		return this.workflows.row("select results from tasker.workflow_steps where workflow_step_uuid = ?", this.step);
	}

}
