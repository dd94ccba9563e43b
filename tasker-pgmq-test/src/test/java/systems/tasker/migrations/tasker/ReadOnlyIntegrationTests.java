/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What does not write asks for nothing but the right to read, and works in a read-only
 * transaction.
 */
@InEachTimeZone
class ReadOnlyIntegrationTests {

	private final ConcurrentSessions sessions;

	private final TaskerSession reader;

	private final TaskRows task;

	ReadOnlyIntegrationTests(String zone) {
		this.sessions = new ConcurrentSessions(zone);
		TaskerSession writer = this.sessions.open();
		this.task = writer.task("T").in("waiting_for_retry", 3600).created(3600);
		this.task.step("a").at("created_at", 60).in("complete").step("b").after("a").in("error");
		TaskRows entered = writer.task("in dlq").in("error");
		writer.execute("select tasker.create_dlq_entry(?, 'ns', 't', 'pending', 1, 1)", entered.uuid());
		writer.commit();
		this.reader = this.sessions.open(TaskerSchema.READER);
	}

	@BeforeEach
	void readOnly() {
		this.reader.execute("set transaction read only");
	}

	@AfterEach
	void drop() {
		this.sessions.close();
	}

	@Test
	void readerMayNotWrite() {
		assertThat(this.reader.error("update tasker.tasks set priority = 1").getSQLState()).isEqualTo("25006");
		this.reader.rollback();
		assertThat(this.reader.error("update tasker.tasks set priority = 1").getSQLState()).isEqualTo("42501");
	}

	@Test
	void readerSeesAllViews() {
		List<String> views = this.reader.rows("""
				select oid::regclass from pg_class where relnamespace = 'tasker'::regnamespace and relkind = 'v'
				""");
		assertThat(views).contains("tasker.step_dag_relationships")
			.allSatisfy((view) -> assertThat(this.reader.rows("select * from " + view)).isNotEmpty());
	}

	@Test
	void readerCallsAllFunctionsThatDoNotWrite() {
		// Those that only read, and those that only write when they are told to.
		List<String> calls = this.reader.rows("""
				select format('%s(%s)', p.oid::regproc, (
				    select string_agg(format('%I => %s', p.proargnames[n], case
				        when p.proargtypes[n - 1] = 'uuid'::regtype and p.proargnames[n] like '%%step%%' then ':step'
				        when p.proargtypes[n - 1] = 'uuid'::regtype then ':task'
				        when p.proargtypes[n - 1] = 'uuid[]'::regtype then 'array[:task]'
				        else 'null' end), ', ' order by n)
				    from generate_series(1, p.pronargs - p.pronargdefaults) n))
				from pg_proc p
				where p.pronamespace = 'tasker'::regnamespace
				    and (p.provolatile <> 'v' or 'p_dry_run' = any (p.proargnames))
				""");
		assertThat(calls)
			.contains("tasker.get_task_summary(input_task_uuid => :task)", "tasker.detect_and_transition_stale_tasks()",
					"tasker.detect_and_transition_stuck_tasks()",
					"tasker.get_step_transitive_dependencies(target_step_uuid => :step)")
			.allSatisfy((call) -> this.reader.rows("select * from " + call.replace(":task", literal(this.task.uuid()))
				.replace(":step", literal(this.task.step("b").uuid()))));
	}

	@Test
	void dryRunShowsAReaderWhatIsStale() {
		for (String name : List.of("stale", "stuck")) {
			assertThat(this.reader.rows("""
					select test.task(task_uuid), action_taken from tasker.detect_and_transition_%s_tasks()
					""".formatted(name))).containsExactly("T | would_transition_to_dlq_and_error");
		}
	}

	private static String literal(Object uuid) {
		return "'%s'::uuid".formatted(uuid);
	}

}
