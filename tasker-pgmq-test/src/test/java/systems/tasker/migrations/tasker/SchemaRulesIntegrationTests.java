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
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for all functions, tables and sessions.
 */
@InEachTimeZone
class SchemaRulesIntegrationTests {

	private final TaskerSession session;

	SchemaRulesIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void sessionOwnsNothingAndHasNoSearchPath() {
		assertThat(this.session.row("""
				select session_user, current_setting('search_path'),
				    (select count(*) from pg_class where relowner = session_user::regrole)
				""")).isEqualTo(TaskerSchema.ROLE + " | \"\" | 0");
	}

	@Test
	void proceduralFunctionsFixTheirSearchPathAndOthersCanBeInlined() {
		assertThat(this.session.rows("""
				select distinct l.lanname, p.proconfig
				from pg_proc p join pg_language l on l.oid = p.prolang
				where p.pronamespace = 'tasker'::regnamespace
				""")).containsExactlyInAnyOrder("plpgsql | {\"search_path=tasker, pg_temp\"}", "sql | -");
	}

	@Test
	void schemaAndAllThatIsInItIsDocumented() {
		// Not the history, which is Flyway's, nor types and indexes that belong to a
		// table.
		assertThat(this.session.rows("""
				select oid::regprocedure::text from pg_proc
				where pronamespace = 'tasker'::regnamespace and obj_description(oid, 'pg_proc') is null
				union all
				select oid::regclass::text from pg_class
				where relnamespace = 'tasker'::regnamespace and relkind in ('r', 'v')
				    and relname <> 'tasker_schema_history' and obj_description(oid, 'pg_class') is null
				union all
				select oid::regtype::text from pg_type
				where typnamespace = 'tasker'::regnamespace and typtype = 'e'
				    and obj_description(oid, 'pg_type') is null
				union all
				select nspname from pg_namespace
				where nspname = 'tasker' and obj_description(oid, 'pg_namespace') is null
				""")).isEmpty();
	}

	@Test
	void defaultsAreInUtc() {
		TaskRows task = this.session.task("T");
		StepRows step = task.step("a").in("enqueued_for_orchestration");
		this.session.update("""
				insert into tasker.tasks_dlq (task_uuid, original_state, dlq_reason, task_snapshot)
				values (?, 'pending', 'manual_dlq', '{}')
				""", task.uuid());
		assertThat(this.session
			.row("""
					select test.seconds(dlq_timestamp), test.seconds(created_at), test.seconds(updated_at) from tasker.tasks_dlq
					"""))
			.isEqualTo("0 | 0 | 0");
		assertThat(this.session.row("""
				select test.seconds(recorded_at), test.seconds(created_at), test.seconds(updated_at)
				from tasker.workflow_step_result_audit where workflow_step_uuid = ?
				""", step.uuid())).isEqualTo("0 | 0 | 0");
	}

	@Test
	void taskOfTenMinutesIsTenMinutesOldEverywhere() {
		TaskRows task = this.session.task("T").in("waiting_for_retry", 600).created(600).priority(60);
		task.step("a").at("created_at", 600).in("complete");
		this.session.task("active").in("steps_in_process", 601).created(600);
		this.session.update("""
				insert into tasker.tasks_dlq (task_uuid, original_state, dlq_reason, task_snapshot, dlq_timestamp)
				values (?, 'pending', 'manual_dlq', '{}', test.at(-600))
				""", this.session.task("in dlq").uuid());
		for (String query : new String[] {
				"select time_in_state_minutes from tasker.v_task_state_analysis where task_uuid = :task",
				"select task_age_minutes from tasker.v_task_state_analysis where task_uuid = :task",
				"select time_in_state_minutes from tasker.v_task_staleness_monitoring where task_uuid = :task",
				"select avg_resolution_time_minutes from tasker.v_dlq_dashboard",
				"select minutes_in_dlq from tasker.v_dlq_investigation_queue",
				"select (computed_priority - 60) * 600 from tasker.get_task_ready_info(:task)",
				"select stuck_duration_minutes from tasker.find_stuck_tasks()",
				"select time_in_state_minutes from tasker.get_stale_tasks_for_dlq(1, 1, 99) where task_uuid = :task",
				"select duration_seconds / 60 from tasker.get_slowest_steps()",
				"select duration_seconds / 60 from tasker.get_slowest_tasks()",
				"select avg_task_duration / 60 from tasker.get_analytics_metrics(now() - interval '11 minutes')",
				"select extract(epoch from now() - created_at) / 60 from tasker.get_task_summary(:task)" }) {
			assertThat(this.session.row("select trim_scale(round(q::numeric, 6)) from (%s) r (q)"
				.formatted(query.replace(":task", "'%s'".formatted(task.uuid()))))).as(query).isEqualTo("10");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "created_at", "updated_at" })
	void timesOfARowAreMandatory(String column) {
		this.session.task("T").in("pending").step("b").after("a").in("pending");
		for (String table : List.of("task_namespaces", "named_tasks", "named_steps", "tasks", "task_transitions",
				"workflow_steps", "workflow_step_edges", "workflow_step_transitions")) {
			ServerErrorMessage error = this.session.error("update tasker.%s set %s = null".formatted(table, column));
			assertThat(error.getSQLState()).as(table).isEqualTo("23502");
			assertThat(error.getColumn()).as(table).isEqualTo(column);
		}
	}

	@Test
	void missingAndUnknownKeysAreErrorsOfTheTables() {
		TaskRows task = this.session.task("T");
		task.step("a");
		assertThat(this.session.error("delete from tasker.tasks").getSQLState()).isEqualTo("23503");
		assertThat(this.session.error("update tasker.tasks set correlation_id = null").getSQLState())
			.isEqualTo("23502");
		assertThat(this.session.error("""
				insert into tasker.workflow_steps (task_uuid, named_step_uuid, created_at, updated_at)
				select task_uuid, named_step_uuid, created_at, updated_at from tasker.workflow_steps
				""").getConstraint()).isEqualTo("uq_workflow_step_task_named_step");
		assertThat(this.session
			.error("""
					insert into tasker.tasks (named_task_uuid, requested_at, identity_hash, created_at, updated_at, correlation_id)
					select named_task_uuid, requested_at, identity_hash, created_at, updated_at, correlation_id from tasker.tasks
					""")
			.getConstraint()).isEqualTo("idx_tasks_identity_hash");
	}

}
