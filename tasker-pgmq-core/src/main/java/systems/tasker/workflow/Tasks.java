/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import systems.tasker.messages.TaskRequest;

/**
 * Tasks, from their creation to their end.
 */
public final class Tasks {

	private final WorkflowSession session;

	private final TaskCreation creation;

	private final TaskTransitions transitions;

	private final TaskEnding ending;

	Tasks(WorkflowSession session, TaskTemplates templates, StepTransitions steps) {
		this.session = session;
		this.creation = new TaskCreation(session, templates);
		this.transitions = new TaskTransitions(session);
		this.ending = new TaskEnding(session, this.transitions, steps);
	}

	/**
	 * Create a task with the steps of its template, all in {@code PENDING}. The
	 * {@code options} of the request are not stored; the schema has no place for them.
	 * @param request names the template and brings the input
	 * @return the UUID of the task
	 * @throws DuplicateTaskException if the task exists; the caller's transaction can go
	 * on
	 * @throws TaskerNotFoundException if there is no such template
	 * @throws IdempotencyKeyRequiredException if the template asks for a key
	 * @throws DependencyCycleException if another program stored a template with a circle
	 * @throws IllegalArgumentException if a text is blank or longer than 128 characters,
	 * or the context cannot be stored as JSON
	 */
	public UUID create(TaskRequest request) {
		return this.creation.create(Arguments.required("request", request));
	}

	/**
	 * Return the state of a task.
	 * @param task the task
	 * @return its state, empty if another program has not initialized it
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public Optional<TaskState> state(UUID task) {
		Optional<TaskState> state = this.transitions.state(Arguments.required("task", task));
		if (state.isEmpty()) {
			this.transitions.require(task);
		}
		return state;
	}

	/**
	 * Return what the steps of a task say about it.
	 * @param task the task
	 * @return its context
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public TaskExecutionContext executionContext(UUID task) {
		return executionContexts(List.of(Arguments.required("task", task))).stream()
			.findFirst()
			.orElseThrow(() -> TaskerNotFoundException.task(task));
	}

	/**
	 * Return what the steps of tasks say about them.
	 * @param tasks the tasks
	 * @return the context of each task that exists, in no order
	 */
	public List<TaskExecutionContext> executionContexts(Collection<UUID> tasks) {
		return this.session.jdbc().sql("""
				select c.* from tasker.get_task_execution_contexts_batch(:tasks::uuid[]) c
				""").param("tasks", Rows.array("tasks", tasks)).query(TaskExecutionContext::read).list();
	}

	/**
	 * Discover tasks that can go on, the most urgent first, and lock them until the
	 * transaction ends: nobody else gets them meanwhile. Call it in a short transaction
	 * that moves each task on, and touch the steps in a later one. Without a transaction
	 * the locks are gone when this returns.
	 * @param limit how many tasks at most
	 * @return the tasks
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public List<ReadyTask> nextReady(int limit) {
		return this.session.jdbc().sql("""
				select r.* from tasker.get_next_ready_tasks(:limit::integer) r
				""").param("limit", Arguments.notNegative("limit", limit)).query(ReadyTask::read).list();
	}

	/**
	 * Move a task from one state to another. With {@code COMPLETE} the task is marked as
	 * complete, too.
	 * @param task the task
	 * @param from the state the caller has seen
	 * @param to the new state
	 * @return {@code false} if the task is in another state by now; nothing was written
	 * @throws ForbiddenTransitionException if there is no such edge
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public boolean transition(UUID task, TaskState from, TaskState to) {
		return transition(task, from, to, null, Map.of());
	}

	/**
	 * Move a task from one state to another, and say who did it and why.
	 * @param task the task
	 * @param from the state the caller has seen
	 * @param to the new state
	 * @param processor who does it, for the history
	 * @param metadata anything, for the history
	 * @return {@code false} if the task is in another state by now; nothing was written
	 * @throws ForbiddenTransitionException if there is no such edge
	 * @throws TaskerNotFoundException if there is no such task
	 * @throws IllegalArgumentException if the metadata cannot be stored as JSON
	 */
	public boolean transition(UUID task, TaskState from, TaskState to, @Nullable UUID processor,
			Map<String, ?> metadata) {
		boolean moved = this.transitions.move(Arguments.required("task", task), Arguments.required("from", from),
				Arguments.required("to", to), processor,
				this.session.json().write("metadata", Arguments.required("metadata", metadata)));
		if (!moved) {
			this.transitions.require(task);
		}
		return moved;
	}

	/**
	 * End a task if its steps say so: as {@code COMPLETE} if each of them is complete or
	 * resolved, or there are none; as {@code BLOCKED_BY_FAILURES} if one is in error. A
	 * task that is final already, or has work left, stays as it is.
	 * @param task the task
	 * @param processor who does it, for the history
	 * @return the state of the task afterwards
	 * @throws IllegalTaskStateException if the task is pending, has no state, or is to be
	 * completed although it is blocked by failures
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public TaskState finalizeTask(UUID task, @Nullable UUID processor) {
		return this.ending.finalizeTask(Arguments.required("task", task), processor);
	}

	/**
	 * Cancel a task and all of its steps that have not ended, those in error included.
	 * Waits for workers that are storing a result of it.
	 * @param task the task
	 * @param processor who does it, for the history
	 * @return {@code false} if the task is final already; nothing was written
	 * @throws IllegalTaskStateException if the task has no state
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public boolean cancel(UUID task, @Nullable UUID processor) {
		return this.ending.cancel(Arguments.required("task", task), processor);
	}

}
