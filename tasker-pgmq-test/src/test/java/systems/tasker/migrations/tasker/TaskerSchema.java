/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import org.springframework.jdbc.core.JdbcTemplate;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * A migrated database, and two roles that own nothing in it: one that may read and write,
 * and one that may only read.
 */
final class TaskerSchema implements AutoCloseable {

	static final String ROLE = "service";

	static final String READER = "reader";

	private static TaskerSchema shared;

	private final TestDatabase database;

	private TaskerSchema() {
		this.database = TaskerPostgres.shared().createDatabase();
		new JdbcTemplate(this.database.superuserDataSource()).execute("""
				do $$ begin
				    create role service;
				    create role reader;
				exception when duplicate_object then null;
				end $$;
				grant usage on schema tasker to service, reader;
				grant select, insert, update, delete on all tables in schema tasker to service;
				grant select on all tables in schema tasker to reader;

				create schema test;
				grant usage on schema test to service, reader;
				create function test.at(seconds numeric) returns timestamp language sql stable
				return timezone('utc', now()) + seconds * interval '1 second';
				create function test.seconds(moment timestamp) returns numeric language sql stable
				return trim_scale(extract(epoch from moment - timezone('utc', now())));
				create function test.iso(seconds numeric) returns text language sql stable
				return to_char(test.at(seconds), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"');
				create function test.text(moment timestamp) returns text language sql stable
				return to_char(moment, 'YYYY-MM-DD HH24:MI:SS.US');
				create function test.name(step uuid) returns text language sql stable
				return (
				    select ns.name from tasker.workflow_steps s
				    join tasker.named_steps ns on ns.named_step_uuid = s.named_step_uuid
				    where s.workflow_step_uuid = step);
				create function test.task(task uuid) returns text language sql stable
				return (
				    select t.reason from tasker.tasks t where t.task_uuid = task);
				""");
	}

	/**
	 * Return the database of all tests that commit nothing.
	 */
	static synchronized TaskerSchema shared() {
		if (shared == null) {
			shared = new TaskerSchema();
		}
		return shared;
	}

	static TaskerSchema create() {
		return new TaskerSchema();
	}

	/**
	 * Open a session with an empty search path, and begin its first transaction.
	 */
	TaskerSession session(String role, String zone) {
		return new TaskerSession(this.database.superuserDataSource(), role, zone);
	}

	/**
	 * Return the owner of the schema.
	 */
	JdbcTemplate owner() {
		return new JdbcTemplate(this.database.dataSource());
	}

	@Override
	public void close() {
		this.database.close();
	}

}
