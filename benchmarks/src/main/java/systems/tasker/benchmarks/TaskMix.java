/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a database is filled with: tasks of six steps, one after the other, and ten
 * priorities.
 */
enum TaskMix {

	/**
	 * 1,000 tasks that are active, the same number pending, waiting for dependencies,
	 * waiting for a retry and in process; all others are complete and up to 30 days old.
	 */
	MOSTLY_COMPLETE("1,000 active, the others complete", """
			select i, (i * 7919 %% n) / n::double precision as spread,
			    case when i > 1000 then 'complete' else (array['pending', 'waiting_for_dependencies',
			        'waiting_for_retry', 'steps_in_process'])[1 + i %% 4] end as state,
			    case when i > 1000 then 720 else 0.4 end as hours
			from generate_series(1, %1$s) i, (select %1$s as n) size
			"""),

	/** All tasks pending since they were created, within the last 24 hours. */
	PENDING("all pending", """
			select i, (i * 7919 %% n) / n::double precision as spread, 'pending' as state, 24 as hours
			from generate_series(1, %1$s) i, (select %1$s as n) size
			""");

	private final String title;

	private final String plan;

	TaskMix(String title, String plan) {
		this.title = title;
		this.plan = plan;
	}

	String title() {
		return this.title;
	}

	/**
	 * Fill an empty database, and have it vacuumed and analysed as the server does by
	 * itself after a while.
	 * @param connection to the database, in auto-commit mode
	 * @param tasks the number of tasks
	 * @throws SQLException if the database refuses
	 */
	void load(Connection connection, int tasks) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("""
					create temporary table plan as
					select p.i, p.state, tasker.uuid_generate_v7() as task_uuid,
					    timezone('utc', now()) - p.spread * p.hours * interval '1 hour' as created_at
					from (%s) p
					""".formatted(this.plan.formatted(tasks)));
			statement.execute("""
					insert into tasker.task_namespaces (name, created_at, updated_at)
					values ('benchmark', timezone('utc', now()), timezone('utc', now()));
					insert into tasker.named_tasks (task_namespace_uuid, name, created_at, updated_at)
					select task_namespace_uuid, 'task', created_at, created_at from tasker.task_namespaces;
					insert into tasker.named_steps (name, created_at, updated_at)
					select 'step ' || i, timezone('utc', now()), timezone('utc', now()) from generate_series(1, 6) i;
					insert into tasker.tasks (task_uuid, named_task_uuid, complete, requested_at, identity_hash,
					    created_at, updated_at, priority, correlation_id, context)
					select p.task_uuid, nt.named_task_uuid, p.state = 'complete', p.created_at, p.i::text,
					    p.created_at, p.created_at, p.i / 4 % 10, p.task_uuid, '{"order": 4711}'
					from plan p, tasker.named_tasks nt;
					insert into tasker.task_transitions (task_uuid, from_state, to_state, sort_key, most_recent,
					    created_at, updated_at)
					select p.task_uuid, null, 'pending', 1, p.state = 'pending', p.created_at, p.created_at from plan p
					union all
					select p.task_uuid, 'pending', p.state, 2, true, p.created_at, p.created_at from plan p
					where p.state <> 'pending';
					insert into tasker.workflow_steps (task_uuid, named_step_uuid, processed, attempts, created_at,
					    updated_at)
					select p.task_uuid, s.named_step_uuid, p.state = 'complete',
					    case when p.state = 'complete' then 1 end, p.created_at, p.created_at
					from plan p, tasker.named_steps s;
					insert into tasker.workflow_step_transitions (workflow_step_uuid, to_state, sort_key, most_recent,
					    created_at, updated_at)
					select s.workflow_step_uuid, case when s.processed then 'complete' else 'pending' end, 1, true,
					    s.created_at, s.created_at
					from tasker.workflow_steps s;
					insert into tasker.workflow_step_edges (from_step_uuid, to_step_uuid, name, created_at, updated_at)
					select parent.workflow_step_uuid, child.workflow_step_uuid, 'provides', child.created_at,
					    child.created_at
					from tasker.workflow_steps parent
					join tasker.named_steps parent_name on parent_name.named_step_uuid = parent.named_step_uuid
					join tasker.workflow_steps child on child.task_uuid = parent.task_uuid
					join tasker.named_steps child_name on child_name.named_step_uuid = child.named_step_uuid
					where right(child_name.name, 1)::integer = right(parent_name.name, 1)::integer + 1;
					drop table plan
					""");
			statement.execute("vacuum analyze");
		}
	}

	/**
	 * Return tasks in an order that has nothing to do with the order they were made in.
	 * @param connection to the database
	 * @return a query whose parameter is the number of tasks
	 * @throws SQLException if the database refuses
	 */
	static PreparedStatement someTasks(Connection connection) throws SQLException {
		return connection.prepareStatement("select task_uuid from tasker.tasks order by md5(identity_hash) limit ?");
	}

}
