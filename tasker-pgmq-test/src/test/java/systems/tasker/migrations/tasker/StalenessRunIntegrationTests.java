/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StalenessRunIntegrationTests {

	private final TaskerSession session;

	StalenessRunIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void staleTasksOfTheExample() {
		example();
		assertThat(this.session.rows("""
				select test.task(task_uuid), threshold_minutes, trim_scale(time_in_state_minutes),
				    trim_scale(task_age_minutes), current_state, namespace_name, task_name
				from tasker.get_stale_tasks_for_dlq()
				""")).containsExactly("T1 | 60 | 120 | 200 | waiting_for_dependencies | ns | template",
				"T2 | 30 | 60 | 90 | waiting_for_retry | ns | template",
				"T6 | 30 | 30 | 100 | steps_in_process | ns | template",
				"T4 | 10 | 12 | 30 | waiting_for_dependencies | ns | strict template",
				"T5 | 30 | 1 | 1440 | steps_in_process | ns | template");
		assertThat(stale("60, 30, 30, 24, 2")).containsExactly("T1", "T2");
		assertThat(this.session.rows("select * from tasker.v_task_state_analysis")).hasSize(10);
		assertThat(this.session.rows("select * from tasker.v_task_staleness_monitoring")).hasSize(8);
		assertThat(this.session.rows("""
				select health_status from tasker.v_task_staleness_monitoring where test.task(task_uuid) = 'T5'
				""")).containsExactly("healthy");
	}

	@Test
	void dryRunIsTheDefaultAndWritesNothing() {
		example();
		for (String call : List.of("tasker.detect_and_transition_stale_tasks()",
				"tasker.detect_and_transition_stale_tasks(true)", "tasker.detect_and_transition_stale_tasks(null)",
				"tasker.detect_and_transition_stuck_tasks()")) {
			assertThat(this.session.rows("""
					select test.task(task_uuid), current_state, time_in_state_minutes, staleness_threshold_minutes,
					    action_taken, moved_to_dlq, transition_success
					from %s
					""".formatted(call))).containsExactly(
					"T1 | waiting_for_dependencies | 120 | 60 | would_transition_to_dlq_and_error | f | f",
					"T2 | waiting_for_retry | 60 | 30 | would_transition_to_dlq_and_error | f | f",
					"T6 | steps_in_process | 30 | 30 | would_transition_to_dlq_and_error | f | f",
					"T4 | waiting_for_dependencies | 12 | 10 | would_transition_to_dlq_and_error | f | f",
					"T5 | steps_in_process | 1 | 30 | would_transition_to_dlq_and_error | f | f");
		}
		assertThat(this.session.rows("select from tasker.tasks_dlq")).isEmpty();
		assertThat(this.session.rows("select from tasker.task_transitions")).hasSize(11);
	}

	@Test
	void realRunMovesTasksAndTheNextFindsNone() {
		example();
		assertThat(this.session
			.rows("""
					select test.task(task_uuid), namespace_name, task_name, time_in_state_minutes, action_taken, moved_to_dlq,
					    transition_success
					from tasker.detect_and_transition_stale_tasks(false)
					"""))
			.containsExactly("T1 | ns | template | 120 | transitioned_to_dlq_and_error | t | t",
					"T2 | ns | template | 60 | transitioned_to_dlq_and_error | t | t",
					"T6 | ns | template | 30 | transitioned_to_dlq_and_error | t | t",
					"T4 | ns | strict template | 12 | transitioned_to_dlq_and_error | t | t",
					"T5 | ns | template | 1 | transitioned_to_dlq_and_error | t | t");
		assertThat(this.session.rows("""
				select test.task(d.task_uuid), d.original_state, d.dlq_reason, d.metadata ->> 'threshold_minutes',
				    t.complete, tasker.get_current_task_state(t.task_uuid)
				from tasker.tasks_dlq d join tasker.tasks t using (task_uuid) order by 1
				""")).containsExactly("T1 | waiting_for_dependencies | staleness_timeout | 60 | f | error",
				"T2 | waiting_for_retry | staleness_timeout | 30 | f | error",
				"T4 | waiting_for_dependencies | staleness_timeout | 10 | f | error",
				"T5 | steps_in_process | staleness_timeout | 30 | f | error",
				"T6 | steps_in_process | staleness_timeout | 30 | f | error");
		assertThat(this.session.rows("select * from tasker.detect_and_transition_stale_tasks(false)")).isEmpty();
	}

	@Test
	void realRunWritesWhatItFound() {
		this.session.task("payments", "refund", "T").in("waiting_for_retry", 3630);
		this.session.execute("select from tasker.detect_and_transition_stale_tasks(false)");
		assertThat(this.session.row("""
				select task_snapshot ->> 'namespace', task_snapshot ->> 'task_name', task_snapshot ->> 'current_state',
				    task_snapshot -> 'time_in_state_minutes', task_snapshot -> 'threshold_minutes', metadata
				from tasker.tasks_dlq
				""")).isEqualTo("payments | refund | waiting_for_retry | 61 | 30 | {"
				+ "\"detection_method\": \"automatic_staleness\", \"threshold_minutes\": 30, "
				+ "\"time_in_state_minutes\": 61}");
		assertThat(this.session.row("""
				select from_state, to_state, processor_uuid, transition_metadata - 'detected_at'
				from tasker.task_transitions where most_recent
				""")).isEqualTo("waiting_for_retry | error | - | {\"reason\": \"staleness_timeout\", "
				+ "\"namespace\": \"payments\", \"task_name\": \"refund\"}");
	}

	@Test
	void equalTimesAreOrderedByUuid() {
		this.session.task("second").in("waiting_for_retry", 3600);
		this.session.lowTask("first").in("waiting_for_retry", 3600);
		assertThat(detected("stale", "true")).containsExactly("first | 30", "second | 30");
		assertThat(detected("stale", "false")).containsExactly("first | 30", "second | 30");
	}

	@Test
	void minutesAreRounded() {
		this.session.task("up").in("waiting_for_retry", 3630);
		this.session.task("down").in("waiting_for_retry", 3629);
		assertThat(this.session.rows("select time_in_state_minutes from tasker.detect_and_transition_stale_tasks()"))
			.containsExactly("61", "60");
	}

	@Test
	void limitsOfARunComeInAnotherOrder() {
		this.session.task("deps").in("waiting_for_dependencies", 60).created(60);
		this.session.task("retry").in("waiting_for_retry", 120).created(120);
		this.session.task("steps").in("steps_in_process", 180).created(180);
		for (String function : List.of("stale", "stuck")) {
			assertThat(detected(function, "true, 100, 1, 99, 99, 24")).containsExactly("deps | 1");
			assertThat(detected(function, "true, 100, 99, 2, 99, 24")).containsExactly("retry | 2");
			assertThat(detected(function, "true, 100, 99, 99, 3, 24")).containsExactly("steps | 3");
			assertThat(detected(function, "true, 100, 99, 99, 99, 0")).hasSize(3);
			assertThat(detected(function, "true, 1, 99, 99, 99, 0")).containsExactly("steps | 99");
		}
	}

	@Test
	void stuckIsAnotherNameForStale() {
		example();
		assertThat(detected("stuck", "false")).containsExactly("T1 | 60", "T2 | 30", "T6 | 30", "T4 | 10", "T5 | 30");
		assertThat(this.session.rows("select from tasker.tasks_dlq")).hasSize(5);
	}

	/**
	 * State, minutes in the state, age of the task in minutes.
	 */
	private void example() {
		task("T1", "waiting_for_dependencies", 120, 200);
		task("T2", "waiting_for_retry", 60, 90);
		task("T3", "waiting_for_dependencies", 20, 30);
		this.session.task("ns", "strict template", "T4")
			.in("waiting_for_dependencies", 12 * 60)
			.created(30 * 60)
			.configuration("{\"lifecycle\": {\"max_waiting_for_dependencies_minutes\": 10}}");
		task("T5", "steps_in_process", 1, 1440);
		task("T6", "steps_in_process", 30, 100);
		task("T7", "pending", 3000, 3000);
		task("T8", "evaluating_results", 2000, 2000);
		task("T9", "waiting_for_retry", 290, 290).set("complete", true);
		task("T10", "waiting_for_dependencies", 49, 100);
		task("T11", "steps_in_process", 29.5, 100);
	}

	private TaskRows task(String name, String state, double minutesInState, double ageInMinutes) {
		return this.session.task(name).in(state, minutesInState * 60).created(ageInMinutes * 60);
	}

	private List<String> stale(String arguments) {
		return this.session
			.rows("select test.task(task_uuid) from tasker.get_stale_tasks_for_dlq(%s)".formatted(arguments));
	}

	private List<String> detected(String function, String arguments) {
		return this.session.rows("""
				select test.task(task_uuid), staleness_threshold_minutes from tasker.detect_and_transition_%s_tasks(%s)
				""".formatted(function, arguments));
	}

}
