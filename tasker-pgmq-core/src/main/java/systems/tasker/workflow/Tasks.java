/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;
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

	private final TaskAdvancement advancement;

	Tasks(WorkflowSession session, TaskTemplates templates, TaskTransitions transitions, StepTransitions steps,
			ResultSettlement settlement) {
		this.session = session;
		this.creation = new TaskCreation(session, templates);
		this.transitions = transitions;
		this.ending = new TaskEnding(session, transitions, steps);
		this.advancement = new TaskAdvancement(session, transitions, steps, settlement, this.ending);
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
	 * @throws InvalidTemplateException if another program stored a template that cannot
	 * be used
	 * @throws IllegalArgumentException if a text or the key is blank, a text is longer
	 * than 128 characters, or the context cannot be stored as JSON and read again
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
		return this.ending.context(Arguments.required("task", task));
	}

	/**
	 * Discover tasks that can go on, the most urgent first, and lock them until the
	 * transaction ends: nobody else gets them meanwhile. Without a transaction the locks
	 * are gone when this returns. {@link #advance Advance} each in a transaction of its
	 * own, after that: whoever holds these locks must not touch steps. Two that have
	 * found the same task do not harm it.
	 * @param limit how many tasks at most
	 * @return the tasks
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public List<ReadyTask> nextReady(int limit) {
		Arguments.notNegative("limit", limit);
		return this.session.transactions().call(() -> this.session.jdbc().sql("""
				select r.* from tasker.get_next_ready_tasks(:limit::integer) r
				""").param("limit", limit).query(ReadyTask::read).list());
	}

	/**
	 * Let a task go on, whatever its state: end it if its steps say so, as
	 * {@link #finalizeTask finalizeTask} does; or else enqueue the steps that are ready,
	 * and move it to {@code STEPS_IN_PROCESS}. While one of its steps waits for a retry,
	 * though others are being worked on, and when none is being worked on, it ends up
	 * where it waits and {@link #nextReady discovery} finds it again. To be called after
	 * its creation, and when discovery has found it. Once too often does no harm. No
	 * messages are sent.
	 * @param task the task
	 * @param processor who does it, for the history
	 * @return its state, and the steps that were enqueued. A task that is final or
	 * blocked by failures stays as it is
	 * @throws IllegalTaskStateException if another program has not initialized the task
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public TaskProgress advance(UUID task, @Nullable UUID processor) {
		return this.advancement.advance(Arguments.required("task", task), processor);
	}

	/**
	 * Settle the result of a step, as {@link Steps#settle} does, and let its task go on,
	 * as {@link #advance} does: both or nothing. The task goes on even if there is no
	 * result to be looked at, so that once too often does no harm.
	 * @param step the step
	 * @param processor who does it, for the history
	 * @return what became of the task
	 * @throws IllegalTaskStateException if another program has not initialized the task
	 * @throws TaskerNotFoundException if there is no such step
	 */
	public TaskProgress settleAndAdvance(UUID step, @Nullable UUID processor) {
		return this.advancement.settleAndAdvance(Arguments.required("step", step), processor);
	}

	/**
	 * Move a task from one state to another, for those who drive it other than by
	 * {@link #advance}. What the edge asks of the steps of the task is not looked at.
	 * @param task the task
	 * @param from the state the caller has seen
	 * @param to the new state; with {@code COMPLETE} the task is marked as complete, too
	 * @param processor who does it, for the history
	 * @return {@code false} if the task is in another state by now; nothing was written
	 * @throws ForbiddenTransitionException if there is no such edge
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public boolean transition(UUID task, TaskState from, TaskState to, @Nullable UUID processor) {
		Arguments.required("task", task);
		Arguments.required("from", from);
		Arguments.required("to", to);
		return this.session.transactions().call(() -> {
			boolean moved = this.transitions.move(task, from, to, processor);
			if (!moved) {
				this.transitions.require(task);
			}
			return moved;
		});
	}

	/**
	 * End a task if its steps say so: as {@code COMPLETE} if each of them is complete or
	 * resolved, or there are none; as {@code BLOCKED_BY_FAILURES} if one is in error. A
	 * task that is final already, or has work left, stays as it is. Work that is left
	 * does not help a pending task: it must be begun first.
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
	 * Settle a task by hand, whatever its steps say, unless it is final.
	 * @param task the task
	 * @param processor who does it, for the history
	 * @return {@code false} if the task is final already; nothing was written
	 * @throws IllegalTaskStateException if the task has no state
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public boolean resolveManually(UUID task, @Nullable UUID processor) {
		return this.ending.resolveManually(Arguments.required("task", task), processor);
	}

	/**
	 * Give up a task that is blocked by failures: it goes into {@code ERROR}.
	 * @param task the task
	 * @param processor who does it, for the history
	 * @return {@code false} if the task is in another state; nothing was written
	 * @throws TaskerNotFoundException if there is no such task
	 */
	public boolean giveUp(UUID task, @Nullable UUID processor) {
		return this.ending.giveUp(Arguments.required("task", task), processor);
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
