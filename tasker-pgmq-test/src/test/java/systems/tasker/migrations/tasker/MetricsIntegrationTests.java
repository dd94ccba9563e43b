/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class MetricsIntegrationTests {

	private final TaskerSession session;

	MetricsIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void healthCountsOfTheExample() {
		AnalyticsExample.insert(this.session);
		assertThat(nonZero("tasker.get_system_health_counts()")).containsExactlyInAnyOrder("pending_tasks | 1",
				"steps_in_process_tasks | 1", "complete_tasks | 2", "total_tasks | 4", "pending_steps | 1",
				"complete_steps | 3", "error_steps | 1", "cancelled_steps | 1", "total_steps | 6");
	}

	@Test
	void eachStateIsCountedInItsColumn() {
		// One in the first state, two in the second, and so on.
		List<String> taskStates = Contract.load().states("task");
		for (int state = 0; state < taskStates.size(); state++) {
			for (int task = 0; task <= state; task++) {
				this.session.task("T").history("pending 9, " + taskStates.get(state) + " 8");
			}
		}
		TaskRows task = this.session.task("without state");
		List<String> stepStates = Contract.load().states("step");
		for (int state = 0; state < stepStates.size(); state++) {
			for (int step = 0; step <= state; step++) {
				task.step(state + "/" + step).history("pending 9, " + stepStates.get(state) + " 8");
			}
		}
		task.step("without state");
		assertThat(this.session.row("select * from tasker.get_system_health_counts()"))
			.isEqualTo("1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 79"
					+ " | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 56");
		assertThat(this.session.row("""
				select string_agg(name, ' ' order by ordinality)
				from pg_proc p cross join unnest(p.proargnames) with ordinality as a (name, ordinality)
				where p.oid = 'tasker.get_system_health_counts()'::regprocedure
				""")).isEqualTo("%s total_tasks %s total_steps".formatted(
				taskStates.stream().map((state) -> state + "_tasks").collect(Collectors.joining(" ")),
				stepStates.stream().map((state) -> state + "_steps").collect(Collectors.joining(" "))));
	}

	@Test
	void healthCountsOfAnEmptyDatabaseAreZero() {
		assertThat(nonZero("tasker.get_system_health_counts()")).isEmpty();
		assertThat(this.session.rows("select * from tasker.get_system_health_counts()")).hasSize(1);
	}

	@Test
	void metricsOfTheExample() {
		AnalyticsExample.insert(this.session);
		assertThat(metrics("null")).isEqualTo("2 | 2 | 2 | 0.500 | 3 | 1 | 1 | 33.33 | 33.33 | 300.000 | 200.000 | 5");
		assertThat(metrics("now() - interval '3 hours'"))
			.isEqualTo("2 | 2 | 2 | 0.500 | 4 | 2 | 1 | 50.00 | 25.00 | 266.667 | 200.000 | 6");
	}

	@Test
	void metricsOfAnEmptyDatabase() {
		assertThat(metrics("null")).isEqualTo("0 | 0 | 0 | 1.0 | 0 | 0 | 0 | 0.0 | 0.0 | 0.000 | 0.000 | 0");
	}

	@Test
	void periodOfTheMetrics() {
		String period = "select analysis_period_start = %s, calculated_at = now() from tasker.get_analytics_metrics(%s)";
		assertThat(this.session.row(period.formatted("now() - interval '1 hour'", ""))).isEqualTo("t | t");
		assertThat(this.session.row(period.formatted("now() - interval '5 min'", "now() - interval '5 min'")))
			.isEqualTo("t | t");
	}

	@Test
	void createdAfterIsStrict() {
		this.session.task("T").created(3600);
		assertThat(metric("task_throughput", "null")).isEqualTo("0");
		this.session.task("T").created(3599.999999);
		assertThat(metric("task_throughput", "null")).isEqualTo("1");
	}

	@Test
	void taskWithoutStepsIsThroughputAndNothingElse() {
		this.session.task("T").in("complete");
		assertThat(metrics("null")).isEqualTo("0 | 1 | 1 | 1.0 | 1 | 0 | 0 | 0.00 | 0.00 | 0.000 | 0.000 | 0");
	}

	@Test
	void kindsOfTaskAreCountedByNameAndOnlyWithTasks() {
		this.session.task("ns1", "same name", "T");
		this.session.task("ns2", "same name", "T");
		this.session.task("ns3", "without tasks", "gone");
		this.session.update("delete from tasker.tasks where reason = 'gone'");
		assertThat(metric("total_namespaces_count, unique_task_types_count", "null")).isEqualTo("2 | 1");
	}

	@Test
	void stepResolvedByHandIsNeitherCompleteNorAnError() {
		this.session.task("T").created(60).step("a").at("created_at", 60).in("resolved_manually");
		assertThat(metrics("null")).isEqualTo("0 | 1 | 1 | 1.0 | 1 | 0 | 0 | 0.00 | 0.00 | 0.000 | 0.000 | 1");
	}

	@Test
	void stepWithoutTransitionNeverQualifies() {
		this.session.task("T").step("a");
		assertThat(metric("active_tasks_count, completion_count, error_count, step_throughput", "null"))
			.isEqualTo("0 | 0 | 0 | 1");
	}

	@Test
	void taskMayCountAsCompletionAndAsError() {
		this.session.task("T").step("a").in("complete").step("b").in("error").step("c").in("complete");
		assertThat(metric("task_throughput, completion_count, error_count, system_health_score", "null"))
			.isEqualTo("1 | 1 | 1 | 0.500");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "enqueued", "in_progress", "enqueued_for_orchestration",
			"enqueued_as_error_for_orchestration", "waiting_for_retry", "cancelled" })
	void stepThatIsNotDoneMakesItsTaskActive(String state) {
		this.session.task("T").created(864_000).step("a").in(state).step("b").in(state);
		assertThat(metric("active_tasks_count", "null")).isEqualTo("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "complete", "error", "resolved_manually" })
	void stepThatIsDoneDoesNot(String state) {
		this.session.task("T").step("a").in(state);
		assertThat(metric("active_tasks_count", "null")).isEqualTo("0");
	}

	@Test
	void healthScoreIsThatOfTheLastHourWhateverThePeriod() {
		this.session.task("old").created(7200).step("a").in("error");
		this.session.task("new").created(60).step("a").in("complete");
		assertThat(metric("system_health_score, error_count", "now() - interval '3 hours'")).isEqualTo("1.000 | 1");
		assertThat(metric("system_health_score, task_throughput", "now()")).isEqualTo("1.000 | 0");
	}

	private String metrics(String since) {
		return metric("""
				active_tasks_count, total_namespaces_count, unique_task_types_count, system_health_score,
				task_throughput, completion_count, error_count, completion_rate, error_rate, avg_task_duration,
				avg_step_duration, step_throughput""", since);
	}

	private String metric(String columns, String since) {
		return this.session.row("select %s from tasker.get_analytics_metrics(%s)".formatted(columns, since));
	}

	private List<String> nonZero(String function) {
		return this.session.rows("""
				select c.key, c.value from %s f cross join jsonb_each_text(to_jsonb(f)) c where c.value <> '0'
				""".formatted(function));
	}

}
