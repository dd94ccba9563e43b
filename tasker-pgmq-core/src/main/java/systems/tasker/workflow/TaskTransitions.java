/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Reads and changes the state of tasks.
 */
final class TaskTransitions {

	static final String NO_METADATA = "{}";

	private final WorkflowSession session;

	TaskTransitions(WorkflowSession session) {
		this.session = session;
	}

	boolean move(UUID task, TaskState from, TaskState to, @Nullable UUID processor, String metadata) {
		return this.session.transactions().call(() -> {
			boolean moved = swap(task, from, to, processor, metadata);
			if (moved && to == TaskState.COMPLETE) {
				this.session.jdbc().sql("""
						update tasker.tasks t set complete = true, updated_at = timezone('utc', now())
						where t.task_uuid = :task
						""").param("task", task).update();
			}
			return moved;
		});
	}

	private boolean swap(UUID task, TaskState from, TaskState to, @Nullable UUID processor, String metadata) {
		try {
			return this.session.jdbc()
				.sql("""
						select tasker.transition_task_state_atomic(
						  :task::uuid, :from::varchar, :to::varchar, :processor::uuid, :metadata::jsonb)
						""")
				.param("task", task)
				.param("from", from.sqlName())
				.param("to", to.sqlName())
				.param("processor", processor)
				.param("metadata", metadata)
				.query(Boolean.class)
				.single();
		}
		catch (DataIntegrityViolationException ex) {
			throw ForbiddenTransitionException.of(ex);
		}
	}

	Optional<TaskState> state(UUID task) {
		return this.session.jdbc().sql("""
				select t.state from tasker.get_current_task_state(:task::uuid) as t (state) where t.state is not null
				""").param("task", task).query(String.class).optional().map(TaskState::of);
	}

	// Lock a task until the end of the transaction, as the first thing in it.
	void lock(UUID task) {
		this.session.jdbc()
			.sql("""
					select t.task_uuid from tasker.tasks t where t.task_uuid = :task for no key update
					""")
			.param("task", task)
			.query(UUID.class)
			.optional()
			.orElseThrow(() -> TaskerNotFoundException.task(task));
	}

	void require(UUID task) {
		this.session.jdbc()
			.sql("""
					select t.task_uuid from tasker.tasks t where t.task_uuid = :task
					""")
			.param("task", task)
			.query(UUID.class)
			.optional()
			.orElseThrow(() -> TaskerNotFoundException.task(task));
	}

}
