/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * A step of {@link TaskRows}, by default pending without a transition.
 */
final class StepRows {

	private final TaskerSession session;

	private final TaskRows task;

	private final UUID uuid;

	StepRows(TaskerSession session, TaskRows task, UUID uuid, String name) {
		this.session = session;
		this.task = task;
		this.uuid = uuid;
		session.update("""
				insert into tasker.named_steps (name, created_at, updated_at)
				values (?, test.at(0), test.at(0)) on conflict do nothing
				""", name);
		session.update(
				"""
						insert into tasker.workflow_steps (workflow_step_uuid, task_uuid, named_step_uuid, created_at, updated_at)
						select ?, ?, named_step_uuid, test.at(0), test.at(0) from tasker.named_steps where name = ?
						""",
				this.uuid, task.uuid(), name);
	}

	static void forEach(String transitions, BiConsumer<String, Double> action) {
		for (String transition : transitions.split(", ")) {
			String[] words = transition.split(" ");
			action.accept(words[0], Double.valueOf(words[1]));
		}
	}

	UUID uuid() {
		return this.uuid;
	}

	TaskRows task() {
		return this.task;
	}

	StepRows step(String name) {
		return this.task.step(name);
	}

	StepRows lowStep(String name) {
		return this.task.lowStep(name);
	}

	/**
	 * Add an edge from each parent to this step.
	 */
	StepRows after(String... parents) {
		for (String parent : parents) {
			edge(parent, "provides");
		}
		return this;
	}

	StepRows edge(String parent, String name) {
		return edge(this.task.step(parent), name);
	}

	/**
	 * Add an edge from a step, also from one of another task.
	 */
	StepRows edge(StepRows parent, String name) {
		this.session.update("""
				insert into tasker.workflow_step_edges (from_step_uuid, to_step_uuid, name, created_at, updated_at)
				values (?, ?, ?, test.at(0), test.at(0))
				""", parent.uuid(), this.uuid, name);
		return this;
	}

	StepRows in(String state) {
		return in(state, 0);
	}

	StepRows in(String state, double secondsAgo) {
		return in(state, secondsAgo, "{}");
	}

	StepRows in(String state, double secondsAgo, String metadata) {
		this.session.update("""
				update tasker.workflow_step_transitions set most_recent = false
				where workflow_step_uuid = ? and most_recent
				""", this.uuid);
		this.session.update("""
				insert into tasker.workflow_step_transitions (
				    workflow_step_uuid, from_state, to_state, sort_key, most_recent, created_at, updated_at, metadata)
				select ?, (array_agg(to_state order by sort_key desc))[1], ?, count(*) + 1, true,
				    test.at(- ?::numeric), test.at(- ?::numeric), ?::jsonb
				from tasker.workflow_step_transitions where workflow_step_uuid = ?
				""", this.uuid, state, secondsAgo, secondsAgo, metadata, this.uuid);
		return this;
	}

	StepRows history(String transitions) {
		forEach(transitions, this::in);
		return this;
	}

	StepRows set(String column, Object value) {
		this.session.update("update tasker.workflow_steps set %s = ? where workflow_step_uuid = ?".formatted(column),
				value, this.uuid);
		return this;
	}

	StepRows json(String column, String json) {
		this.session.update(
				"update tasker.workflow_steps set %s = ?::jsonb where workflow_step_uuid = ?".formatted(column), json,
				this.uuid);
		return this;
	}

	StepRows at(String column, double secondsAgo) {
		this.session.update("update tasker.workflow_steps set %s = test.at(- ?::numeric) where workflow_step_uuid = ?"
			.formatted(column), secondsAgo, this.uuid);
		return this;
	}

}
