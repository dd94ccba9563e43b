/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Reads and changes the state of tasks.
 */
final class TaskTransitions {

	private final WorkflowSession session;

	TaskTransitions(WorkflowSession session) {
		this.session = session;
	}

	// To be called in a transaction.
	boolean move(UUID task, TaskState from, TaskState to, @Nullable UUID processor) {
		return moveAlong(task, from, List.of(to), processor);
	}

	// Walk a locked task along edges.
	void walk(UUID task, TaskState from, List<TaskState> way, @Nullable UUID processor) {
		if (!way.isEmpty() && !moveAlong(task, from, way, processor)) {
			throw new IllegalStateException("Task %s has left %s while it was locked".formatted(task, from.sqlName()));
		}
	}

	private boolean moveAlong(UUID task, TaskState from, List<TaskState> way, @Nullable UUID processor) {
		boolean moved = swap(task, Stream.concat(Stream.of(from), way.stream()).toList(), processor);
		if (moved && way.get(way.size() - 1) == TaskState.COMPLETE) {
			this.session.jdbc().sql("""
					update tasker.tasks t set complete = true, updated_at = timezone('utc', now())
					where t.task_uuid = :task
					""").param("task", task).update();
		}
		return moved;
	}

	// All edges in one statement. It tries those behind one that is refused as well, and
	// may find the task there: hence only a locked task, which is where the caller says,
	// is walked along more than one, and "walk" throws, which undoes all of them.
	private boolean swap(UUID task, List<TaskState> states, @Nullable UUID processor) {
		try {
			return this.session.jdbc()
				.sql("""
						select bool_and(tasker.transition_task_state_atomic(
						  :task::uuid, edge.from_state, edge.to_state, :processor::uuid)) as moved
						from (select :states::varchar[] as states) way
						cross join lateral unnest(trim_array(way.states, 1), way.states[2:]) as edge (from_state, to_state)
						""")
				.param("task", task)
				.param("states", Rows.array("states", states, TaskState::sqlName))
				.param("processor", processor)
				.query(Boolean.class)
				.single();
		}
		catch (DataIntegrityViolationException ex) {
			throw ForbiddenTransitionException.of(ex);
		}
	}

	// Return the state of a task. To write by it, lock the task before.
	Optional<TaskState> state(UUID task) {
		return this.session.jdbc().sql("""
				select tr.to_state from tasker.task_transitions tr
				where tr.task_uuid = :task and tr.most_recent = true
				""").param("task", task).query(String.class).optional().map(TaskState::of);
	}

	TaskState requireState(UUID task) {
		return state(task).orElseThrow(() -> IllegalTaskStateException.uninitialized(task));
	}

	// Return whether nothing sets a task in motion again. A task without a state counts
	// as pending.
	boolean isOver(UUID task) {
		return state(task).filter(TaskState::isOver).isPresent();
	}

	// Lock a task until the end of the transaction, and return its state.
	TaskState lockedState(UUID task) {
		lock(task);
		return requireState(task);
	}

	// Lock the task of a step until the end of the transaction, and return it.
	UUID lockTaskOf(UUID step) {
		return this.session.jdbc()
			.sql("""
					select t.task_uuid from tasker.workflow_steps s
					join tasker.tasks t on t.task_uuid = s.task_uuid
					where s.workflow_step_uuid = :step
					for no key update of t
					""")
			.param("step", step)
			.query(UUID.class)
			.optional()
			.orElseThrow(() -> TaskerNotFoundException.step(step));
	}

	// Lock a task until the end of the transaction, before its steps.
	void lock(UUID task) {
		find(task, "for no key update");
	}

	void require(UUID task) {
		find(task, "");
	}

	private void find(UUID task, String lock) {
		this.session.jdbc()
			.sql("""
					select t.task_uuid from tasker.tasks t where t.task_uuid = :task
					""" + lock)
			.param("task", task)
			.query(UUID.class)
			.optional()
			.orElseThrow(() -> TaskerNotFoundException.task(task));
	}

}
