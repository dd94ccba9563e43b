/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StepReadinessIntegrationTests {

	private final TaskerSession session;

	StepReadinessIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void stepWithoutTransitionIsPendingAndReady() {
		this.session.task("T").step("a");
		assertThat(readiness("*")).containsExactly("a | pending | t | t | t | - | - | 0 | 0 | 0 | 3 | - | -");
	}

	@Test
	void rowNamesTaskAndNamedStep() {
		StepRows step = this.session.task("T").step("a");
		assertThat(this.session.row("""
				select r.workflow_step_uuid, r.task_uuid, r.named_step_uuid = ns.named_step_uuid
				from tasker.get_step_readiness_status(?) r join tasker.named_steps ns on ns.name = r.name
				""", step.task().uuid())).isEqualTo("%s | %s | t".formatted(step.uuid(), step.task().uuid()));
	}

	@Test
	void currentStateIsThatOfTheCurrentTransition() {
		this.session.task("T").step("a").history("pending 3, enqueued 2, in_progress 1");
		assertThat(readiness("current_state, ready_for_execution")).containsExactly("a | in_progress | f");
	}

	@ParameterizedTest
	@ValueSource(strings = { "complete", "resolved_manually" })
	void parentThatIsDoneSatisfies(String state) {
		this.session.task("T").step("a").in(state).step("b").after("a");
		assertThat(readiness("completed_parents, total_parents, dependencies_satisfied, ready_for_execution"))
			.containsExactly("a | 0 | 0 | t | f", "b | 1 | 1 | t | t");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "enqueued", "in_progress", "enqueued_for_orchestration",
			"enqueued_as_error_for_orchestration", "waiting_for_retry", "error", "cancelled" })
	void parentThatIsNotDoneDoesNotSatisfy(String state) {
		this.session.task("T").step("a").in(state).step("b").after("a");
		assertThat(readiness("completed_parents, total_parents, dependencies_satisfied, ready_for_execution"))
			.contains("b | 0 | 1 | f | f");
	}

	@Test
	void parentThatWasOnceDoneDoesNotSatisfy() {
		this.session.task("T").step("a").history("complete 2, pending 1").step("b").after("a");
		assertThat(readiness("completed_parents, total_parents")).contains("b | 0 | 1");
	}

	@Test
	void parentsAreCountedByEdges() {
		TaskRows task = this.session.task("T");
		task.step("a").in("complete").step("b").in("enqueued").step("c").after("a", "b").edge("a", "twice");
		assertThat(readiness("completed_parents, total_parents, dependencies_satisfied")).contains("c | 2 | 3 | f");
	}

	@Test
	void parentsOutsideTheFilterCount() {
		TaskRows task = this.session.task("T");
		task.step("a").in("complete").step("b").after("a");
		assertThat(this.session.rows("""
				select name, completed_parents, total_parents, ready_for_execution
				from tasker.get_step_readiness_status(?, ?::uuid[])
				""", task.uuid(), TaskerSession.array(task.step("b").uuid()))).containsExactly("b | 1 | 1 | t");
	}

	@Test
	void firstAttemptIsOwedToEveryStep() {
		this.session.task("T").step("a").set("retryable", false).set("max_attempts", 0);
		this.session.task("T").step("a").set("retryable", false).set("attempts", 0);
		assertThat(readiness("attempts, max_attempts, retry_eligible, ready_for_execution"))
			.containsExactly("a | 0 | 0 | t | t", "a | 0 | 3 | t | t");
	}

	@Test
	void furtherAttemptsAreLimited() {
		TaskRows task = this.session.task("T");
		task.step("left")
			.set("attempts", 2)
			.step("used up")
			.set("attempts", 3)
			.step("not retryable")
			.set("attempts", 1)
			.set("retryable", false)
			.step("no limit")
			.set("attempts", 2)
			.set("max_attempts", null)
			.step("no limit, used up")
			.set("attempts", 3)
			.set("max_attempts", null);
		assertThat(readiness("attempts, max_attempts, retry_eligible, ready_for_execution")).containsExactly(
				"left | 2 | 3 | t | t", "used up | 3 | 3 | f | f", "not retryable | 1 | 3 | f | f",
				"no limit | 2 | 3 | t | t", "no limit, used up | 3 | 3 | f | f");
	}

	@Test
	void lastFailureIsTheNewestErrorOfTheWholeHistory() {
		this.session.task("T")
			.step("a")
			.history(
					"error 90, pending 80, error 60, pending 50, enqueued_as_error_for_orchestration 20, waiting_for_retry 10");
		assertThat(readiness("test.seconds(last_failure_at), test.seconds(next_retry_at), ready_for_execution"))
			.containsExactly("a | -60 | -59 | t");
	}

	@Test
	void waitingForRetryIsNoFailure() {
		this.session.task("T").step("a").history("enqueued_as_error_for_orchestration 20, waiting_for_retry 10");
		assertThat(readiness("last_failure_at, next_retry_at, ready_for_execution")).containsExactly("a | - | - | t");
	}

	@Test
	void retryTimeIsGivenInEveryState() {
		this.session.task("T")
			.step("a")
			.in("complete")
			.set("attempts", 1)
			.set("backoff_request_seconds", 30)
			.at("last_attempted_at", 10);
		assertThat(readiness(
				"test.seconds(next_retry_at), backoff_request_seconds, test.seconds(last_attempted_at), ready_for_execution"))
			.containsExactly("a | 20 | 30 | -10 | f");
	}

	@Test
	void attemptsOfNullPauseLikeZero() {
		this.session.task("T").step("a").history("error 5, pending 4");
		assertThat(readiness("test.seconds(next_retry_at)")).containsExactly("a | -4");
	}

	@Test
	void backoffDelaysTheStep() {
		TaskRows task = this.session.task("T");
		task.step("early").in("waiting_for_retry").set("backoff_request_seconds", 30).at("last_attempted_at", 29);
		task.step("in time").in("waiting_for_retry").set("backoff_request_seconds", 30).at("last_attempted_at", 30);
		assertThat(readiness("ready_for_execution")).containsExactly("early | f", "in time | t");
	}

	@Test
	void leftOverFlagsSuppressReadiness() {
		TaskRows task = this.session.task("T");
		task.step("a").set("in_process", true).step("b").set("processed", true);
		assertThat(readiness("ready_for_execution")).containsExactly("a | f", "b | f");
	}

	@Test
	void stepInErrorIsNeverReady() {
		this.session.task("T").step("a").in("error", 3600).set("attempts", 1);
		assertThat(readiness("retry_eligible, ready_for_execution")).containsExactly("a | t | f");
	}

	@Test
	void rowsAreOrderedByTaskAndStep() {
		TaskRows first = this.session.task("T1");
		TaskRows second = this.session.task("T2");
		second.step("a").step("b");
		first.step("c").step("d");
		assertThat(this.session.rows("""
				select test.task(task_uuid), name from tasker.get_step_readiness_status_batch(?::uuid[])
				""", TaskerSession.array(second.uuid(), first.uuid()))).containsExactly("T1 | c", "T1 | d", "T2 | a",
				"T2 | b");
	}

	@Test
	void duplicatesAndUnknownUuidsHaveNoEffect() {
		TaskRows task = this.session.task("T");
		UUID a = task.step("a").uuid();
		task.step("b");
		assertThat(this.session.rows("""
				select name from tasker.get_step_readiness_status_batch(?::uuid[], ?::uuid[])
				""", TaskerSession.array(task.uuid(), UUID.randomUUID(), task.uuid(), null),
				TaskerSession.array(a, a, null, UUID.randomUUID())))
			.containsExactly("a");
	}

	@Test
	void filterIsNullForAllStepsAndEmptyForNone() {
		TaskRows task = this.session.task("T");
		task.step("a");
		String tasks = TaskerSession.array(task.uuid());
		assertThat(names(tasks, null)).containsExactly("a");
		assertThat(names(tasks, "{}")).isEmpty();
		assertThat(names("{}", null)).isEmpty();
		assertThat(names(null, null)).isEmpty();
	}

	@Test
	void filterDoesNotReachStepsOfOtherTasks() {
		TaskRows task = this.session.task("T");
		UUID other = this.session.task("other").step("a").uuid();
		assertThat(names(TaskerSession.array(task.uuid()), TaskerSession.array(other))).isEmpty();
	}

	@Test
	void singleTaskIsABatchOfOne() {
		TaskRows task = this.session.task("T");
		UUID a = task.step("a").in("complete").uuid();
		task.step("b").after("a");
		this.session.task("other").step("a");
		for (String filter : new String[] { null, "{}", TaskerSession.array(a) }) {
			assertThat(this.session
				.rows("select * from tasker.get_step_readiness_status(?, ?::uuid[])", task.uuid(), filter)).isEqualTo(
						this.session.rows("select * from tasker.get_step_readiness_status_batch(?::uuid[], ?::uuid[])",
								TaskerSession.array(task.uuid()), filter));
		}
		assertThat(this.session.rows("select * from tasker.get_step_readiness_status(null)")).isEmpty();
	}

	private List<String> names(String tasks, String steps) {
		return this.session.rows("select name from tasker.get_step_readiness_status_batch(?::uuid[], ?::uuid[])", tasks,
				steps);
	}

	/**
	 * Return name and columns of all steps there are.
	 */
	private List<String> readiness(String columns) {
		String all = """
				current_state, dependencies_satisfied, retry_eligible, ready_for_execution, last_failure_at,
				next_retry_at, total_parents, completed_parents, attempts, max_attempts, backoff_request_seconds,
				last_attempted_at
				""";
		return this.session.rows("""
				select name, %s
				from tasker.get_step_readiness_status_batch(array(select task_uuid from tasker.tasks))
				""".formatted(columns.equals("*") ? all : columns));
	}

}
