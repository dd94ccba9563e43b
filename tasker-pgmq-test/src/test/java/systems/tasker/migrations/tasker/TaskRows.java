/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A task and its steps, written to the tables directly: the functions under test have no
 * part in it, and histories need not be allowed.
 */
final class TaskRows {

	private final TaskerSession session;

	private final UUID uuid;

	private final Map<String, StepRows> steps = new LinkedHashMap<>();

	TaskRows(TaskerSession session, UUID uuid, String namespace, String template, String name) {
		this.session = session;
		this.uuid = uuid;
		session.update("""
				insert into tasker.task_namespaces (name, created_at, updated_at)
				values (?, test.at(0), test.at(0)) on conflict do nothing
				""", namespace);
		session.update("""
				insert into tasker.named_tasks (task_namespace_uuid, name, created_at, updated_at)
				select n.task_namespace_uuid, ?, test.at(0), test.at(0)
				from tasker.task_namespaces n where n.name = ?
				on conflict do nothing
				""", template, namespace);
		session.update("""
				insert into tasker.tasks (
				    task_uuid, named_task_uuid, reason, requested_at, context, identity_hash, created_at, updated_at,
				    correlation_id)
				select ?, nt.named_task_uuid, ?, test.at(0), '{}', gen_random_uuid(), test.at(0), test.at(0),
				    gen_random_uuid()
				from tasker.named_tasks nt join tasker.task_namespaces n using (task_namespace_uuid)
				where nt.name = ? and n.name = ?
				""", this.uuid, name, template, namespace);
	}

	UUID uuid() {
		return this.uuid;
	}

	/**
	 * Add a transition of now, which becomes the current one.
	 */
	TaskRows in(String state) {
		return in(state, 0);
	}

	TaskRows in(String state, double secondsAgo) {
		this.session.update("""
				update tasker.task_transitions set most_recent = false where task_uuid = ? and most_recent
				""", this.uuid);
		this.session.update("""
				insert into tasker.task_transitions (
				    task_uuid, from_state, to_state, sort_key, most_recent, created_at, updated_at)
				select ?, (array_agg(to_state order by sort_key desc))[1], ?, count(*) + 1, true,
				    test.at(- ?::numeric), test.at(- ?::numeric)
				from tasker.task_transitions where task_uuid = ?
				""", this.uuid, state, secondsAgo, secondsAgo, this.uuid);
		return this;
	}

	/**
	 * Add transitions, as in {@code "pending 600, initializing 590"}: states and seconds
	 * ago.
	 */
	TaskRows history(String transitions) {
		StepRows.forEach(transitions, this::in);
		return this;
	}

	TaskRows created(double secondsAgo) {
		return at("created_at", secondsAgo);
	}

	TaskRows priority(int priority) {
		return set("priority", priority);
	}

	TaskRows set(String column, Object value) {
		this.session.update("update tasker.tasks set %s = ? where task_uuid = ?".formatted(column), value, this.uuid);
		return this;
	}

	TaskRows at(String column, double secondsAgo) {
		this.session.update("update tasker.tasks set %s = test.at(- ?::numeric) where task_uuid = ?".formatted(column),
				secondsAgo, this.uuid);
		return this;
	}

	/**
	 * Set the configuration of the template of this task.
	 */
	TaskRows configuration(String json) {
		this.session.update("""
				update tasker.named_tasks nt set configuration = ?::jsonb
				from tasker.tasks t where t.named_task_uuid = nt.named_task_uuid and t.task_uuid = ?
				""", json, this.uuid);
		return this;
	}

	/**
	 * Return a step, which is inserted if it is new.
	 */
	StepRows step(String name) {
		return step(name, TaskerSession::nextUuid);
	}

	/**
	 * Return a step, which is inserted with a {@link TaskerSession#lowUuid()} if it is
	 * new.
	 */
	StepRows lowStep(String name) {
		return step(name, TaskerSession::lowUuid);
	}

	private StepRows step(String name, Supplier<UUID> uuid) {
		return this.steps.computeIfAbsent(name, (unknown) -> new StepRows(this.session, this, uuid.get(), name));
	}

}
