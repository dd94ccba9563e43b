/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class AnalyticsIntegrationTests {

	private final TaskerSession session;

	AnalyticsIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void healthCountsOfTheExample() {
		example();
		assertThat(nonZero("tasker.get_system_health_counts()")).containsExactlyInAnyOrder("pending_tasks | 1",
				"steps_in_process_tasks | 1", "complete_tasks | 2", "total_tasks | 4", "pending_steps | 1",
				"complete_steps | 3", "error_steps | 1", "cancelled_steps | 1", "total_steps | 6");
	}

	@Test
	void eachStateIsCountedInItsColumn() {
		for (String state : Contract.load().states("task")) {
			this.session.task("T").history("pending 9, " + state + " 8");
		}
		TaskRows task = this.session.task("without state");
		for (String state : Contract.load().states("step")) {
			task.step(state).history("pending 9, " + state + " 8");
		}
		task.step("without state");
		assertThat(nonZero("tasker.get_system_health_counts()")).hasSize(24)
			.contains("total_tasks | 13", "total_steps | 11")
			.filteredOn((count) -> count.endsWith("| 1"))
			.hasSize(22);
	}

	@Test
	void healthCountsOfAnEmptyDatabaseAreZero() {
		assertThat(nonZero("tasker.get_system_health_counts()")).isEmpty();
		assertThat(this.session.rows("select * from tasker.get_system_health_counts()")).hasSize(1);
	}

	@Test
	void metricsOfTheExample() {
		example();
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

	@Test
	void slowestStepsOfTheExample() {
		example();
		assertThat(this.session.rows("""
				select test.task(task_uuid), step_name, duration_seconds, attempts, test.seconds(created_at),
				    test.seconds(completed_at), retryable, step_status, namespace_name, task_name, version
				from tasker.get_slowest_steps()
				""")).containsExactly("T1 | sb | 300.000 | 2 | -900 | -600 | t | complete | ns1 | t1 | 0.1.0",
				"T3 | sa | 200.000 | - | -7200 | -7000 | t | complete | ns1 | t1 | 0.1.0",
				"T1 | sa | 100.000 | 1 | -900 | -800 | t | complete | ns1 | t1 | 0.1.0");
	}

	@Test
	void slowestTasksOfTheExample() {
		example();
		this.session.update("update tasker.tasks set initiator = 'me', source_system = 'test' where reason = 'T3'");
		assertThat(this.session.rows("""
				select test.task(task_uuid), duration_seconds, step_count, completed_steps, error_steps,
				    test.seconds(created_at), test.seconds(completed_at), initiator, source_system, namespace_name,
				    task_name, version
				from tasker.get_slowest_tasks()
				""")).containsExactly("T1 | 400.000 | 2 | 2 | 0 | -1000 | -600 | - | - | ns1 | t1 | 0.1.0",
				"T3 | 200.000 | 1 | 1 | 0 | -7200 | -7000 | me | test | ns1 | t1 | 0.1.0",
				"T2 | 150.000 | 2 | 0 | 1 | -1000 | -850 | - | - | ns2 | t2 | 0.1.0");
	}

	@Test
	void slowestKindsOfStepOfTheExample() {
		example();
		assertThat(this.session.rows("""
				select namespace_name, task_name, version, step_name, average_duration_seconds, max_duration_seconds,
				    execution_count, error_count, error_rate, test.seconds(last_executed_at)
				from tasker.get_slowest_steps_aggregated(null, 10, 1)
				""")).containsExactly("ns1 | t1 | 0.1.0 | sb | 300.000 | 300.000 | 1 | 0 | 0.0000 | -600",
				"ns1 | t1 | 0.1.0 | sa | 150.000 | 200.000 | 2 | 0 | 0.0000 | -800",
				"ns2 | t2 | 0.1.0 | sa | 50.000 | 50.000 | 1 | 1 | 1.0000 | -850");
	}

	@Test
	void slowestKindsOfTaskOfTheExample() {
		example();
		assertThat(this.session.rows("""
				select namespace_name, task_name, version, average_duration_seconds, max_duration_seconds,
				    execution_count, average_step_count, total_error_steps, error_rate, test.seconds(last_executed_at)
				from tasker.get_slowest_tasks_aggregated(null, 10, 1)
				""")).containsExactly("ns1 | t1 | 0.1.0 | 300.000 | 400.000 | 2 | 1.50 | 0 | 0.0000 | -600",
				"ns2 | t2 | 0.1.0 | 150.000 | 150.000 | 1 | 2.00 | 1 | 1.0000 | -850");
		assertThat(this.session.rows("select * from tasker.get_slowest_tasks_aggregated()")).isEmpty();
		assertThat(this.session.rows("select * from tasker.get_slowest_steps_aggregated()")).isEmpty();
	}

	@Test
	void kindsAreShownFromFiveExecutions() {
		for (int task = 0; task < 5; task++) {
			assertThat(this.session.rows("select * from tasker.get_slowest_tasks_aggregated()")).isEmpty();
			assertThat(this.session.rows("select * from tasker.get_slowest_steps_aggregated()")).isEmpty();
			done(this.session.task("T").created(60), 60, 0);
		}
		assertThat(this.session.rows("select * from tasker.get_slowest_tasks_aggregated()")).hasSize(1);
		assertThat(this.session.rows("select * from tasker.get_slowest_steps_aggregated()")).hasSize(1);
	}

	@Test
	void errorRateOfTasksMayExceedOne() {
		TaskRows task = this.session.task("T").created(60);
		task.step("a").in("error").step("b").in("error").step("c").in("complete");
		assertThat(this.session.rows("select error_rate from tasker.get_slowest_tasks_aggregated(null, 10, 1)"))
			.containsExactly("2.0000");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "get_slowest_steps", "get_slowest_tasks", "get_slowest_steps_v01", "get_slowest_tasks_v01" })
	void slowestOnesOfTheLastDay(String function) {
		done(this.session.task("T").created(86_400), 86_400, 0);
		assertThat(this.session.rows("select from tasker.%s()".formatted(function))).isEmpty();
		done(this.session.task("T").created(86_399), 86_399, 0);
		assertThat(this.session.rows("select from tasker.%s()".formatted(function))).hasSize(1);
		assertThat(this.session.rows("select from tasker.%s(now() - interval '25 hours')".formatted(function)))
			.hasSize(2);
		assertThat(this.session.rows("select from tasker.%s(now())".formatted(function))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "get_slowest_steps", "get_slowest_tasks" })
	void slowestOnesAreTenByDefault(String function) {
		for (int task = 0; task < 11; task++) {
			done(this.session.task("T").created(60), 60, 0);
		}
		assertThat(this.session.rows("select from tasker.%s()".formatted(function))).hasSize(10);
		assertThat(this.session.rows("select from tasker.%s(null, 2)".formatted(function))).hasSize(2);
		assertThat(this.session.rows("select from tasker.%s(null, null)".formatted(function))).hasSize(11);
		assertThat(this.session.rows("select from tasker.%s_aggregated(null, 0, 1)".formatted(function))).isEmpty();
		assertThat(this.session.rows("select from tasker.%s_aggregated(null, null, 1)".formatted(function))).hasSize(1);
		assertThat(this.session.error("select from tasker.%s(null, -1)".formatted(function)).getSQLState())
			.isEqualTo("2201W");
	}

	@ParameterizedTest
	@ValueSource(strings = { "get_slowest_steps(null, 10, ", "get_slowest_tasks(null, 10, ",
			"get_slowest_steps_aggregated(null, 10, 1, ", "get_slowest_tasks_aggregated(null, 10, 1, ",
			"get_slowest_steps_v01(null, 10, ", "get_slowest_tasks_v01(null, 10, " })
	void filtersAreEqualities(String call) {
		done(this.session.task("ns1", "t1", "T").created(60), 60, 0);
		done(this.session.task("ns1", "t2", "T").created(60), 60, 0);
		done(this.session.task("ns2", "t1", "T").created(60), 60, 0);
		String names = "select namespace_name, task_name from tasker." + call;
		assertThat(this.session.rows(names + "null, null, null)")).hasSize(3);
		assertThat(this.session.rows(names + "'ns2')")).containsExactly("ns2 | t1");
		assertThat(this.session.rows(names + "null, 't2')")).containsExactly("ns1 | t2");
		assertThat(this.session.rows(names + "'ns1', 't1', '0.1.0')")).containsExactly("ns1 | t1");
		assertThat(this.session.rows(names + "null, null, '2.0.0')")).isEmpty();
		assertThat(this.session.rows(names + "'ns%')")).isEmpty();
	}

	@Test
	void durationMustBePositive() {
		done(this.session.task("T").created(60), 60, 60);
		assertThat(this.session.rows("select from tasker.get_slowest_steps()")).isEmpty();
		assertThat(this.session.rows("select from tasker.get_slowest_tasks()")).isEmpty();
		assertThat(this.session.rows("select from tasker.get_slowest_steps_aggregated(null, 10, 1)")).isEmpty();
		assertThat(this.session.rows("select from tasker.get_slowest_tasks_aggregated(null, 10, 1)")).isEmpty();
	}

	@Test
	void durationsAreRoundedAfterTheyAreCompared() {
		done(this.session.task("shorter").created(60), 10.0001, 0);
		done(this.session.task("longer").created(60), 10.0004, 0);
		assertThat(this.session.rows("select test.task(task_uuid), duration_seconds from tasker.get_slowest_steps()"))
			.containsExactly("longer | 10.000", "shorter | 10.000");
	}

	@Test
	void taskWithoutAStepThatIsDoneIsNotAmongTheSlowest() {
		this.session.task("T").created(60).step("a").in("cancelled").step("b").in("resolved_manually").step("c");
		assertThat(this.session.rows("select from tasker.get_slowest_tasks()")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "get_analytics_metrics", "get_slowest_steps", "get_slowest_tasks", "get_system_health_counts" })
	void aliasGivesTheSameResult(String function) {
		example();
		List<String> arguments = switch (function) {
			case "get_system_health_counts" -> List.of("");
			case "get_analytics_metrics" -> List.of("", "now() - interval '3 hours'");
			default -> List.of("", "now() - interval '3 hours', 1, 'ns1', 't1', '0.1.0'");
		};
		for (String call : arguments) {
			assertThat(this.session.rows("select * from tasker.%s_v01(%s)".formatted(function, call))).isNotEmpty()
				.isEqualTo(this.session.rows("select * from tasker.%s(%s)".formatted(function, call)));
		}
	}

	private void example() {
		TaskRows t1 = this.session.task("ns1", "t1", "T1").created(1000).in("complete");
		t1.step("sa").at("created_at", 900).in("complete", 800).set("attempts", 1);
		t1.step("sb").at("created_at", 900).in("complete", 600).set("attempts", 2);
		TaskRows t2 = this.session.task("ns2", "t2", "T2").created(1000).in("steps_in_process");
		t2.step("sa").at("created_at", 900).in("error", 850);
		t2.step("sb").at("created_at", 900).in("cancelled", 800);
		TaskRows t3 = this.session.task("ns1", "t1", "T3").created(7200).in("complete");
		t3.step("sa").at("created_at", 7200).in("complete", 7000);
		this.session.task("ns1", "t1", "T4").created(100).in("pending").step("sa").in("pending");
	}

	private static void done(TaskRows task, double createdSecondsAgo, double completeSecondsAgo) {
		task.step("a").at("created_at", createdSecondsAgo).in("complete", completeSecondsAgo);
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
