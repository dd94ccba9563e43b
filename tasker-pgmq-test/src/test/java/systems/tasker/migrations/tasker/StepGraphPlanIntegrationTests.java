/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has a database of its own, because it makes statistics.
 */
class StepGraphPlanIntegrationTests {

	private final TaskerSchema schema = TaskerSchema.create();

	private final TaskerSession session = this.schema.session(TaskerSchema.ROLE, "UTC");

	@AfterEach
	void drop() {
		this.session.close();
		this.schema.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void queryForATaskVisitsItsStepsOnly(boolean statistics) {
		TaskRows task = diamond();
		for (int other = 0; other < 20; other++) {
			diamond();
		}
		if (statistics) {
			// Nothing is committed, so they say that the tables are empty.
			this.schema.owner().execute("analyze tasker.tasks, tasker.workflow_steps, tasker.workflow_step_edges");
		}
		// So that a small table is read by its index, like a large one.
		this.session.execute("set local enable_seqscan = off");
		String plan = String.join("\n", this.session.rows("""
				explain (analyze, costs off, timing off, summary off, buffers off)
				select * from tasker.step_dag_relationships where task_uuid = '%s'
				""".formatted(task.uuid())));
		assertThat(plan.lines().filter((line) -> line.matches(".*\\(actual.*rows=(\\d{2,}|[5-9])[ .].*"))).isEmpty();
	}

	// With statistics that say that there are few rows, as without any.
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void ancestorsAreLookedUp(boolean statistics) {
		TaskRows task = diamond();
		TaskRows other = this.session.task("other");
		if (statistics) {
			this.schema.owner()
				.execute("analyze tasker.workflow_steps, tasker.workflow_step_edges, tasker.named_steps");
		}
		this.session.execute("""
				insert into tasker.named_steps (name, created_at, updated_at)
				select 'n' || n, test.at(0), test.at(0) from generate_series(1, 20000) n
				""");
		this.session.execute("""
				insert into tasker.workflow_steps (task_uuid, named_step_uuid, created_at, updated_at)
				select ?, ns.named_step_uuid, test.at(0), test.at(0) from tasker.named_steps ns where ns.name like 'n%'
				""", other.uuid());
		long before = rowsRead();
		assertThat(this.session.rows("select step_name from tasker.get_step_transitive_dependencies(?)",
				task.step("d").uuid()))
			.containsExactly("b", "c", "a", "a");
		assertThat(rowsRead() - before).isBetween(2L, 10L);
	}

	private long rowsRead() {
		return this.session.value(Long.class, """
				select sum(seq_tup_read + idx_tup_fetch) from pg_stat_xact_user_tables
				where relname in ('workflow_steps', 'named_steps')
				""");
	}

	private TaskRows diamond() {
		TaskRows task = this.session.task("T");
		task.step("a").step("b").after("a").step("c").after("a").step("d").after("b", "c");
		return task;
	}

}
