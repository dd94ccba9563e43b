/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import systems.tasker.database.TaskerDataSource;

/**
 * The histories of states that Tasker keeps of tasks and steps. Callers have a
 * transaction.
 */
@Repository
class Transitions {

	private final JdbcClient jdbcClient;

	Transitions(@TaskerDataSource JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Write the first state.
	 * @param machine what the id is one of
	 * @param id a task or a step that has no state
	 */
	void start(Machine machine, UUID id) {
		this.jdbcClient.sql("""
				insert into %s (%s, to_state, sort_key, most_recent, created_at, updated_at)
				values (:id, :state, 1, true, timezone('utc', now()), timezone('utc', now()))
				""".formatted(machine.history, machine.key))
			.param("id", id)
			.param("state", machine.path.get(0))
			.update();
	}

	/**
	 * Go on to a state, through the states between. What is there already, or was ended
	 * by an operator, stays as it is.
	 * @param machine what the id is one of
	 * @param id a task or a step
	 * @param target the state to reach
	 * @return whether anything was left to do
	 */
	boolean advance(Machine machine, UUID id, String target) {
		int current = lockCurrent(machine, id).map(machine.path::indexOf).orElse(-1);
		int last = machine.path.indexOf(target);
		if (current < 0 || current >= last) {
			return false;
		}
		for (int i = current; i < last; i++) {
			append(machine, id, machine.path.get(i), machine.path.get(i + 1));
		}
		return true;
	}

	// Two statements: the second must see what the holder of the lock has committed.
	private Optional<String> lockCurrent(Machine machine, UUID id) {
		this.jdbcClient.sql("select from %s where %s = :id for no key update".formatted(machine.table, machine.key))
			.param("id", id)
			.query()
			.listOfRows();
		return this.jdbcClient
			.sql("select to_state from %s where %s = :id and most_recent".formatted(machine.history, machine.key))
			.param("id", id)
			.query(String.class)
			.optional();
	}

	private void append(Machine machine, UUID id, String from, String to) {
		int appended = this.jdbcClient.sql("""
				with previous as (
				  update %1$s set most_recent = false
				  where %2$s = :id and most_recent and to_state = :from
				  returning sort_key
				)
				insert into %1$s (%2$s, from_state, to_state, sort_key, most_recent, created_at, updated_at)
				select :id, :from, :to, sort_key + 1, true, timezone('utc', now()), timezone('utc', now())
				from previous
				""".formatted(machine.history, machine.key))
			.param("id", id)
			.param("from", from)
			.param("to", to)
			.update();
		if (appended != 1) {
			throw new OptimisticLockingFailureException("%s is not in state %s any more".formatted(id, from));
		}
	}

	/**
	 * What has a history, and the way an order takes through the states of Tasker.
	 */
	enum Machine {

		TASK("tasker.tasks", "tasker.task_transitions", "task_uuid",
				List.of("pending", "initializing", "enqueuing_steps", "steps_in_process", "evaluating_results",
						"complete")),

		STEP("tasker.workflow_steps", "tasker.workflow_step_transitions", "workflow_step_uuid",
				List.of("pending", "enqueued", "in_progress", "complete"));

		private final String table;

		private final String history;

		private final String key;

		private final List<String> path;

		Machine(String table, String history, String key, List<String> path) {
			this.table = table;
			this.history = history;
			this.key = key;
			this.path = path;
		}

	}

}
