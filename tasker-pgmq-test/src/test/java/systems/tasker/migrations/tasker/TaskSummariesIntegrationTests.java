/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class TaskSummariesIntegrationTests {

	private final TaskerSession session;

	TaskSummariesIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void summaryShowsTheTask() {
		TaskRows task = this.session.task("payments", "refund", "because")
			.history("pending 3, complete 2")
			.created(60)
			.at("updated_at", 50)
			.at("completed_at", 2)
			.set("initiator", "me")
			.set("source_system", "test")
			.configuration("{\"x\": 1}");
		assertThat(this.session.row("""
				select s.task_uuid, s.named_task_uuid = t.named_task_uuid, s.task_name, s.task_version,
				    s.namespace_name, s.task_status, now() - s.created_at, now() - s.updated_at, now() - s.completed_at,
				    s.initiator, s.source_system, s.reason, s.correlation_id = t.correlation_id,
				    s.template_configuration, s.step_summaries
				from tasker.get_task_summary(?) s join tasker.tasks t using (task_uuid)
				""", task.uuid())).isEqualTo(task.uuid() + " | t | refund | 0.1.0 | payments | complete | 00:01:00"
				+ " | 00:00:50 | 00:00:02 | me | test | because | t | {\"x\": 1} | []");
	}

	@Test
	void taskWithoutTransitionIsPending() {
		assertThat(this.session.row("select task_status, completed_at from tasker.get_task_summary(?)",
				this.session.task("T").uuid()))
			.isEqualTo("pending | -");
	}

	@Test
	void failedTaskOfTheExample() {
		TaskRows task = this.session.task("T");
		task.step("sa").in("error").set("attempts", 3).json("results", """
				{"error": {"type": "Timeout", "retryable": false, "status_code": 504}}""");
		task.step("sb").after("sa");
		assertThat(this.session.rows("""
				select s ->> 'name', s ->> 'current_state', s -> 'attempts', s -> 'max_attempts',
				    s -> 'dependencies_satisfied', s -> 'retry_eligible', s -> 'error_type', s -> 'error_retryable',
				    s -> 'error_status_code'
				from tasker.get_task_summary(?), jsonb_array_elements(step_summaries) s
				""", task.uuid())).containsExactly("sa | error | 3 | 3 | true | false | \"Timeout\" | false | 504",
				"sb | pending | 0 | 3 | false | true | null | null | null");
		assertThat(this.session.row("select execution_context from tasker.get_task_summary(?)", task.uuid()))
			.isEqualTo("{\"total_steps\": 2, \"failed_steps\": 1, \"health_status\": \"blocked\", "
					+ "\"pending_steps\": 1, \"completed_steps\": 0, \"execution_status\": \"blocked_by_failures\", "
					+ "\"in_progress_steps\": 0, \"recommended_action\": \"handle_failures\", "
					+ "\"completion_percentage\": 0.00}");
	}

	@Test
	void stepShowsItsTimesInUtc() {
		StepRows step = this.session.task("T")
			.step("a")
			.at("created_at", 90)
			.at("processed_at", 1.5)
			.at("last_attempted_at", 2);
		assertThat(this.session.isTrue("""
				select step_summaries = jsonb_build_array(jsonb_build_object(
				    'step_uuid', ?::text, 'name', 'a', 'current_state', 'pending', 'created_at', test.iso(-90),
				    'completed_at', test.iso(-1.5), 'last_attempted_at', test.iso(-2), 'attempts', 0, 'max_attempts', 3,
				    'dependencies_satisfied', true, 'retry_eligible', true, 'error_type', null, 'error_retryable', null,
				    'error_status_code', null))
				from tasker.get_task_summary(?)
				""", step.uuid(), step.task().uuid())).isTrue();
		assertThat(this.session.row("""
				select step_summaries #>> '{0,created_at}' from tasker.get_task_summary(?)
				""", step.task().uuid())).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00");
	}

	@Test
	void stepsAreOrderedByAgeAndThenByUuid() {
		TaskRows task = this.session.task("T");
		task.step("fourth").lowStep("third").step("first").at("created_at", 20).step("second").at("created_at", 10);
		assertThat(this.session.row("""
				select jsonb_path_query_array(step_summaries, '$[*].name') from tasker.get_task_summary(?)
				""", task.uuid())).isEqualTo("[\"first\", \"second\", \"third\", \"fourth\"]");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "{\"error\": {\"status_code\": \"gateway\"}}",
			"{\"error\": {\"status_code\": 50.4}}", "{\"error\": {\"retryable\": \"perhaps\"}}" })
	void oddErrorFieldsAreAnError(String results) {
		TaskRows task = this.session.task("T");
		task.step("a").json("results", results);
		assertThat(this.session.error("select * from tasker.get_task_summary(?)", task.uuid()).getSQLState())
			.isEqualTo("22P02");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "{\"ok\": true}", "{\"error\": \"text\"}", "[1]", "5" })
	void resultsWithoutErrorFieldsAreNone(String results) {
		TaskRows task = this.session.task("T");
		task.step("a").json("results", results);
		assertThat(this.session.row("""
				select step_summaries #> '{0,error_type}', step_summaries #> '{0,error_status_code}'
				from tasker.get_task_summary(?)
				""", task.uuid())).isEqualTo("null | null");
	}

	@Test
	void openEntryPutsTheTaskIntoTheDlq() {
		TaskRows task = this.session.task("T");
		String status = "select dlq_status from tasker.get_task_summary(?)";
		String none = "{\"in_dlq\": false, \"dlq_reason\": null, \"resolution_status\": null}";
		assertThat(this.session.row(status, task.uuid())).isEqualTo(none);
		this.session.execute("select tasker.create_dlq_entry(?, 'ns', 't', 'pending', 1, 1)", task.uuid());
		assertThat(this.session.row(status, task.uuid()))
			.isEqualTo("{\"in_dlq\": true, \"dlq_reason\": \"staleness_timeout\", \"resolution_status\": \"pending\"}");
		this.session.update("update tasker.tasks_dlq set resolution_status = 'cancelled'");
		assertThat(this.session.row(status, task.uuid())).isEqualTo(none);
	}

	@Test
	void batchHasOneRowForEachExistingTask() {
		TaskRows first = this.session.task("T1");
		first.step("a").in("complete").step("b").after("a");
		TaskRows second = this.session.task("T2");
		assertThat(this.session.rows("select * from tasker.get_task_summaries(?::uuid[])",
				TaskerSession.array(first.uuid(), second.uuid(), first.uuid(), UUID.randomUUID(), null)))
			.containsExactlyInAnyOrder(this.session.row("select * from tasker.get_task_summary(?)", first.uuid()),
					this.session.row("select * from tasker.get_task_summary(?)", second.uuid()));
		assertThat(this.session.rows("select * from tasker.get_task_summaries('{}')")).isEmpty();
		assertThat(this.session.rows("select * from tasker.get_task_summaries(null)")).isEmpty();
		assertThat(this.session.rows("select * from tasker.get_task_summary(?)", UUID.randomUUID())).isEmpty();
	}

	@Test
	void templatesHaveTheNameOfTheirNamespace() {
		this.session.task("payments", "refund", "T").configuration("{\"x\": 1}");
		assertThat(this.session.row("""
				select v.namespace_name, v.name, v.version, v.configuration, v.identity_strategy,
				    v.named_task_uuid = nt.named_task_uuid
				from tasker.task_templates v cross join tasker.named_tasks nt
				""")).isEqualTo("payments | refund | 0.1.0 | {\"x\": 1} | strict | t");
	}

}
