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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StalenessIntegrationTests {

	private final TaskerSession session;

	StalenessIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "waiting_for_dependencies, {}, 60", "waiting_for_retry, {}, 30", "steps_in_process, {}, 30",
					"waiting_for_dependencies, -, 60", "pending, {}, 1440", "evaluating_results, {}, 1440",
					"no state, {}, 1440", "-, {}, 1440",
					"waiting_for_dependencies, {\"lifecycle\": {\"max_waiting_for_dependencies_minutes\": 10}}, 10",
					"waiting_for_retry, {\"lifecycle\": {\"max_waiting_for_retry_minutes\": \"11\"}}, 11",
					"steps_in_process, {\"lifecycle\": {\"max_steps_in_process_minutes\": 0}}, 0",
					"waiting_for_dependencies, {\"lifecycle\": {\"max_waiting_for_retry_minutes\": 11}}, 60",
					"waiting_for_retry, {\"lifecycle\": {\"max_waiting_for_retry_minutes\": null}}, 30",
					"waiting_for_retry, {\"lifecycle\": 5}, 30" },
			quoteCharacter = '`')
	void thresholdIsThatOfTheTemplateOrTheDefault(String state, String configuration, String expected) {
		assertThat(this.session.row("select tasker.calculate_staleness_threshold(?, ?::jsonb)", state, configuration))
			.isEqualTo(expected);
	}

	@Test
	void defaultsCanBeGiven() {
		assertThat(this.session.row("""
				select tasker.calculate_staleness_threshold('waiting_for_dependencies', null, 1, 2, 3),
				    tasker.calculate_staleness_threshold('waiting_for_retry', null, 1, 2, 3),
				    tasker.calculate_staleness_threshold('steps_in_process', null, 1, 2, 3)
				""")).isEqualTo("1 | 2 | 3");
	}

	@Test
	void thresholdThatIsNoIntegerIsAnError() {
		assertThat(this.session.error("""
				select tasker.calculate_staleness_threshold(
				    'steps_in_process', '{"lifecycle": {"max_steps_in_process_minutes": 1.5}}')
				""").getSQLState()).isEqualTo("22P02");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tasker.v_task_staleness_monitoring", "tasker.get_stale_tasks_for_dlq()",
			"tasker.detect_and_transition_stale_tasks()", "tasker.detect_and_transition_stale_tasks(false)" })
	void thresholdThatIsNoIntegerIsAnErrorForAllTasks(String reader) {
		this.session.task("fine").in("steps_in_process", 7200);
		this.session.task("ns", "odd", "T")
			.in("steps_in_process")
			.configuration("{\"lifecycle\": {\"max_steps_in_process_minutes\": 1.5}}");
		assertThat(this.session.error("select * from " + reader).getSQLState()).isEqualTo("22P02");
	}

	@Test
	void analysisShowsTaskTemplateAndState() {
		TaskRows task = this.session.task("payments", "refund", "T").in("error", 90).created(600).priority(4);
		task.configuration("{\"x\": 1}");
		assertThat(this.session.row("""
				select a.task_uuid, a.correlation_id = t.correlation_id, a.namespace_name,
				    a.namespace_uuid = n.task_namespace_uuid, a.task_name, a.named_task_uuid = t.named_task_uuid,
				    a.template_config, a.current_state, test.seconds(a.state_entered_at),
				    trim_scale(a.time_in_state_minutes), trim_scale(a.task_age_minutes), a.priority, a.complete
				from tasker.v_task_state_analysis a
				join tasker.tasks t using (task_uuid) join tasker.task_namespaces n on n.name = a.namespace_name
				"""))
			.isEqualTo(task.uuid() + " | t | payments | t | refund | t | {\"x\": 1} | error | -90 | 1.5 | 10 | 4 | f");
	}

	@Test
	void analysisLeavesOutCompleteTasksAndTasksWithoutState() {
		this.session.task("complete").in("waiting_for_retry").set("complete", true);
		this.session.task("without state");
		this.session.task("cancelled").in("cancelled");
		assertThat(this.session.rows("select test.task(task_uuid) from tasker.v_task_state_analysis"))
			.containsExactly("cancelled");
	}

	@ParameterizedTest
	@CsvSource({ "waiting_for_dependencies, 49, warning", "waiting_for_dependencies, 20, healthy",
			"waiting_for_dependencies, 48, warning", "waiting_for_dependencies, 47.9, healthy",
			"waiting_for_dependencies, 60, stale", "waiting_for_retry, 29.5, warning", "waiting_for_retry, 30, stale",
			"steps_in_process, 24, warning", "steps_in_process, 23.9, healthy" })
	void healthIsTheTimeInState(String state, double minutes, String expected) {
		this.session.task("T").in(state, minutes * 60).created(864_000);
		assertThat(this.session.row("select health_status from tasker.v_task_staleness_monitoring"))
			.isEqualTo(expected);
	}

	@Test
	void monitoringShowsTheThresholdOfTheTemplate() {
		TaskRows task = this.session.task("payments", "refund", "T")
			.in("steps_in_process", 90)
			.created(600)
			.priority(4);
		task.configuration("{\"lifecycle\": {\"max_steps_in_process_minutes\": 5}}");
		assertThat(this.session.row("""
				select task_uuid, namespace_name, task_name, current_state, trim_scale(time_in_state_minutes),
				    trim_scale(task_age_minutes), staleness_threshold_minutes, health_status, priority
				from tasker.v_task_staleness_monitoring
				""")).isEqualTo(task.uuid() + " | payments | refund | steps_in_process | 1.5 | 10 | 5 | healthy | 4");
	}

	@Test
	void limitsOfStalenessCanBeGiven() {
		this.session.task("deps").in("waiting_for_dependencies", 60).created(60);
		this.session.task("retry").in("waiting_for_retry", 120).created(120);
		this.session.task("steps").in("steps_in_process", 180).created(180);
		assertThat(stale("1, 99, 99")).containsExactly("deps");
		assertThat(stale("99, 2, 99")).containsExactly("retry");
		assertThat(stale("99, 99, 3")).containsExactly("steps");
		assertThat(stale("99, 99, 99, 0")).containsExactly("steps", "retry", "deps");
		assertThat(stale("0, 0, 0, 24, null")).hasSize(3);
		assertThat(stale("0, 0, 0, 24, 0")).isEmpty();
		assertThat(this.session.error("select * from tasker.get_stale_tasks_for_dlq(p_batch_size => -1)").getSQLState())
			.isEqualTo("2201W");
	}

	@Test
	void limitsCanBeAsLongAsAnIntegerCan() {
		this.session.task("T").in("waiting_for_retry", 864_000);
		String longest = "2147483647, 2147483647, 2147483647, 2147483647, 2147483647";
		assertThat(stale(longest)).isEmpty();
		assertThat(this.session
			.rows("select * from tasker.detect_and_transition_stale_tasks(true, %s)".formatted(longest))).isEmpty();
	}

	@Test
	void equalTimesAreOrderedByUuid() {
		this.session.task("second").in("waiting_for_retry", 3600);
		this.session.lowTask("first").in("waiting_for_retry", 3600);
		assertThat(stale("")).containsExactly("first", "second");
	}

	@Test
	void taskWithAnOpenEntryIsLeftOut() {
		TaskRows task = this.session.task("T").in("waiting_for_retry", 3600);
		this.session.execute("select tasker.create_dlq_entry(?, 'ns', 't', 'pending', 1, 1)", task.uuid());
		assertThat(stale("")).isEmpty();
		this.session.update("update tasker.tasks_dlq set resolution_status = 'cancelled'");
		assertThat(stale("")).containsExactly("T");
	}

	@Test
	void staleTaskIsMovedToError() {
		TaskRows task = this.session.task("T").in("waiting_for_retry", 3600);
		assertThat(moveToError(task.uuid(), "waiting_for_retry")).isEqualTo("t");
		assertThat(this.session
			.row("""
					select from_state, to_state, processor_uuid, metadata, transition_metadata = jsonb_build_object(
					    'reason', 'staleness_timeout', 'namespace', 'payments', 'task_name', 'refund', 'detected_at', test.iso(0))
					from tasker.task_transitions where most_recent
					"""))
			.isEqualTo("waiting_for_retry | error | - | {} | t");
	}

	@Test
	void taskThatMovedOnIsNotMovedToError() {
		TaskRows task = this.session.task("T").in("evaluating_results");
		assertThat(moveToError(task.uuid(), "waiting_for_retry")).isEqualTo("f");
		assertThat(moveToError(UUID.randomUUID(), "waiting_for_retry")).isEqualTo("f");
		assertThat(moveToError(task.uuid(), null)).isEqualTo("f");
	}

	@Test
	void forbiddenEdgeToErrorIsAWarning() {
		TaskRows task = this.session.task("T").in("evaluating_results");
		assertThat(this.session.rowWithWarnings(
				"select tasker.transition_stale_task_to_error(?, 'evaluating_results', 'ns', 't')", task.uuid()))
			.isEqualTo(
					"f | Failed to move stale task %1$s to error: task %1$s: transition evaluating_results -> error is not allowed"
						.formatted(task.uuid()));
	}

	private List<String> stale(String arguments) {
		return this.session
			.rows("select test.task(task_uuid) from tasker.get_stale_tasks_for_dlq(%s)".formatted(arguments));
	}

	private String moveToError(UUID task, String state) {
		return this.session.row("select tasker.transition_stale_task_to_error(?, ?, 'payments', 'refund')", task,
				state);
	}

}
