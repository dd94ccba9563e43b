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
class SlowestIntegrationTests {

	private final TaskerSession session;

	SlowestIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void slowestStepsOfTheExample() {
		AnalyticsExample.insert(this.session);
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
		AnalyticsExample.insert(this.session);
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
		AnalyticsExample.insert(this.session);
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
		AnalyticsExample.insert(this.session);
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
	@ValueSource(strings = { "get_slowest_steps_aggregated", "get_slowest_tasks_aggregated" })
	void slowestKindsOfTheLastDay(String function) {
		String executions = "select execution_count from tasker.%s(%s, 10, 1)";
		done(this.session.task("T").created(86_400), 86_400, 0);
		assertThat(this.session.rows(executions.formatted(function, "null"))).isEmpty();
		done(this.session.task("T").created(86_399), 86_399, 0);
		assertThat(this.session.rows(executions.formatted(function, "null"))).containsExactly("1");
		assertThat(this.session.rows(executions.formatted(function, "now() - interval '25 hours'")))
			.containsExactly("2");
		assertThat(this.session.rows(executions.formatted(function, "now()"))).isEmpty();
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
		assertThat(this.session.error("select from tasker.%s_aggregated(null, -1)".formatted(function)).getSQLState())
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
		// Equal ones would come in the order of the names and UUIDs: the other way round.
		done(this.session.task("ns", "1 shorter", "shorter").created(10.0001), 10.0001, 0);
		done(this.session.task("ns", "2 longer", "longer").created(10.0004), 10.0004, 0);
		for (String kind : List.of("steps", "tasks")) {
			assertThat(this.session
				.rows("select test.task(task_uuid), duration_seconds from tasker.get_slowest_%s()".formatted(kind)))
				.containsExactly("longer | 10.000", "shorter | 10.000");
			assertThat(this.session.rows("""
					select task_name, average_duration_seconds from tasker.get_slowest_%s_aggregated(null, 10, 1)
					""".formatted(kind))).containsExactly("2 longer | 10.000", "1 shorter | 10.000");
		}
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
		AnalyticsExample.insert(this.session);
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

	private static void done(TaskRows task, double createdSecondsAgo, double completeSecondsAgo) {
		task.step("a").at("created_at", createdSecondsAgo).in("complete", completeSecondsAgo);
	}

}
