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
class DeadLettersIntegrationTests {

	private static final String CREATE = "select tasker.create_dlq_entry(?, 'payments', 'refund', ?, 42, 30, ?)";

	private final TaskerSession session;

	DeadLettersIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void entryDescribesTheTask() {
		TaskRows task = this.session.task("T").priority(3).created(3600).at("requested_at", 3661.5);
		UUID correlation = this.session.value(UUID.class, "select correlation_id from tasker.tasks");
		UUID entry = this.session.value(UUID.class, """
				select tasker.create_dlq_entry(?, 'payments', 'refund', 'waiting_for_retry', 42, 30)
				""", task.uuid());
		assertThat(this.session.row("""
				select dlq_entry_uuid, task_uuid, original_state, dlq_reason, resolution_status, resolution_timestamp,
				    resolution_notes, resolved_by, test.seconds(dlq_timestamp), test.seconds(created_at),
				    test.seconds(updated_at)
				from tasker.tasks_dlq
				""")).isEqualTo("%s | %s | waiting_for_retry | staleness_timeout | pending | - | - | - | 0 | 0 | 0"
			.formatted(entry, task.uuid()));
		assertThat(this.session.isTrue("""
				select task_snapshot = jsonb_build_object(
				    'task_uuid', ?::text, 'namespace', 'payments', 'task_name', 'refund',
				    'current_state', 'waiting_for_retry', 'time_in_state_minutes', 42, 'threshold_minutes', 30,
				    'snapshot_timestamp', test.iso(0),
				    'task_details', jsonb_build_object(
				        'correlation_id', ?::text, 'priority', 3,
				        'requested_at', test.iso(-3661.5), 'created_at', test.iso(-3600)))
				from tasker.tasks_dlq
				""", task.uuid(), correlation)).isTrue();
		assertThat(this.session.row("select metadata from tasker.tasks_dlq")).isEqualTo(
				"{\"detection_method\": \"automatic_staleness\", \"threshold_minutes\": 30, \"time_in_state_minutes\": 42}");
	}

	@Test
	void timestampsInJsonHaveSixDigitsAndTheOffsetOfUtc() {
		create(this.session.task("T"), "manual_dlq");
		assertThat(this.session.row("""
				select task_snapshot ->> 'snapshot_timestamp', task_snapshot #>> '{task_details,created_at}'
				from tasker.tasks_dlq
				""")).matches("(?:\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00(?: \\| )?){2}");
	}

	@Test
	void reasonIsThatOfTheCaller() {
		create(this.session.task("T"), "worker_unavailable");
		assertThat(this.session.row("select dlq_reason, metadata ->> 'detection_method' from tasker.tasks_dlq"))
			.isEqualTo("worker_unavailable | automatic_staleness");
	}

	@Test
	void taskHasOneOpenEntry() {
		TaskRows task = this.session.task("T");
		assertThat(create(task, "manual_dlq")).isNotEqualTo("-");
		assertThat(create(task, "worker_unavailable")).isEqualTo("-");
		assertThat(entries()).isOne();
	}

	@Test
	void newEntryFollowsAResolvedOne() {
		TaskRows task = this.session.task("T");
		create(task, "manual_dlq");
		this.session.update("update tasker.tasks_dlq set resolution_status = 'manually_resolved'");
		assertThat(create(task, "manual_dlq")).isNotEqualTo("-");
		assertThat(entries()).isEqualTo(2);
	}

	@Test
	void unknownTaskIsAWarning() {
		UUID unknown = UUID.randomUUID();
		assertThat(this.session.rowWithWarnings(CREATE, unknown, "pending", "manual_dlq")).startsWith(
				"- | Failed to create DLQ entry for task " + unknown + ": null value in column \"task_snapshot\"");
	}

	@Test
	void unknownReasonIsAWarning() {
		TaskRows task = this.session.task("T");
		assertThat(this.session.rowWithWarnings(CREATE, task.uuid(), "pending", "bad luck")).isEqualTo(
				"- | Failed to create DLQ entry for task %s: invalid input value for enum dlq_reason: \"bad luck\""
					.formatted(task.uuid()));
		assertThat(create(task, "manual_dlq")).isNotEqualTo("-");
	}

	@Test
	void longStateIsAWarning() {
		TaskRows task = this.session.task("T");
		assertThat(this.session.rowWithWarnings(CREATE, task.uuid(), "s".repeat(51), "manual_dlq"))
			.isEqualTo("- | Failed to create DLQ entry for task %s: value too long for type character varying(50)"
				.formatted(task.uuid()));
		assertThat(entries()).isZero();
	}

	@Test
	void updateSetsTheTimeOfUpdate() {
		create(this.session.task("T"), "manual_dlq");
		this.session.update("update tasker.tasks_dlq set updated_at = test.at(-600), resolution_notes = 'seen'");
		assertThat(this.session.row("select test.seconds(updated_at), resolution_notes from tasker.tasks_dlq"))
			.isEqualTo("0 | seen");
	}

	@Test
	void dashboardCountsEntriesByReason() {
		entry("staleness_timeout", "pending", 600, null);
		entry("staleness_timeout", "manually_resolved", 1200, 900.0);
		entry("staleness_timeout", "permanently_failed", 60, 0.0);
		entry("staleness_timeout", "cancelled", 120, 0.0);
		entry("manual_dlq", "pending", 90, null);
		assertThat(this.session.rows("""
				select dlq_reason, total_entries, pending, manually_resolved, permanent_failures, cancelled,
				    test.seconds(oldest_entry), test.seconds(newest_entry), trim_scale(avg_resolution_time_minutes)
				from tasker.v_dlq_dashboard order by dlq_reason
				""")).containsExactly("staleness_timeout | 4 | 1 | 1 | 1 | 1 | -1200 | -60 | 4.5",
				"manual_dlq | 1 | 1 | 0 | 0 | 0 | -90 | -90 | 1.5");
	}

	@Test
	void queueShowsOpenEntriesAsTheyWereFound() {
		TaskRows task = this.session.task("T");
		create(task, "manual_dlq");
		this.session.update("update tasker.tasks_dlq set dlq_timestamp = test.at(-60)");
		entry("manual_dlq", "cancelled", 60, null);
		assertThat(this.session.row("""
				select task_uuid, original_state, dlq_reason, test.seconds(dlq_timestamp), trim_scale(minutes_in_dlq),
				    namespace_name, task_name, current_state, time_in_state_minutes, trim_scale(priority_score)
				from tasker.v_dlq_investigation_queue
				""")).isEqualTo(task.uuid()
				+ " | waiting_for_retry | manual_dlq | -60 | 1 | payments | refund | waiting_for_retry | 42 | 11");
	}

	@ParameterizedTest
	@CsvSource({ "dependency_cycle_detected, 0, 1000", "max_retries_exceeded, 60, 501", "worker_unavailable, 3600, 110",
			"staleness_timeout, 600, 110", "manual_dlq, 60, 11" })
	void scoreIsThatOfTheReasonAndTheAge(String reason, double secondsAgo, String score) {
		entry(reason, "pending", secondsAgo, null);
		assertThat(this.session.row("select trim_scale(priority_score) from tasker.v_dlq_investigation_queue"))
			.isEqualTo(score);
	}

	@Test
	void queueIsOrderedByScore() {
		entry("manual_dlq", "pending", 60, null);
		entry("dependency_cycle_detected", "pending", 0, null);
		entry("worker_unavailable", "pending", 3000, null);
		entry("staleness_timeout", "pending", 60, null);
		entry("max_retries_exceeded", "pending", 60, null);
		assertThat(this.session.rows("select dlq_reason from tasker.v_dlq_investigation_queue")).containsExactly(
				"dependency_cycle_detected", "max_retries_exceeded", "staleness_timeout", "worker_unavailable",
				"manual_dlq");
	}

	private String create(TaskRows task, String reason) {
		return this.session.row(CREATE, task.uuid(), "waiting_for_retry", reason);
	}

	private void entry(String reason, String status, double secondsAgo, Double resolvedSecondsAgo) {
		this.session.update(
				"""
						insert into tasker.tasks_dlq (
						    task_uuid, original_state, dlq_reason, resolution_status, dlq_timestamp, resolution_timestamp, task_snapshot)
						values (?, 'pending', ?::tasker.dlq_reason, ?::tasker.dlq_resolution_status, test.at(- ?::numeric),
						    test.at(- ?::numeric), '{}')
						""",
				this.session.task("T").uuid(), reason, status, secondsAgo, resolvedSecondsAgo);
	}

	private int entries() {
		return this.session.value(Integer.class, "select count(*) from tasker.tasks_dlq");
	}

}
