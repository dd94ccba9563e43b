/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * The states of a task. Which may follow which is decided by the database, in
 * {@code tasker.state_edges()}.
 */
public enum TaskState {

	/** Nobody has begun with it. */
	PENDING,

	/** Somebody looks for steps that are ready. */
	INITIALIZING,

	/** Steps that are ready are being handed to workers. */
	ENQUEUING_STEPS,

	/** Workers have steps of it. */
	STEPS_IN_PROCESS,

	/** Somebody looks at the results of steps. */
	EVALUATING_RESULTS,

	/**
	 * No step is ready, and nobody works on one: parents are not complete, and perhaps
	 * never will be.
	 */
	WAITING_FOR_DEPENDENCIES,

	/** A step waits for its retry, be it that others are worked on. */
	WAITING_FOR_RETRY,

	/** A step failed for good; an operator has to look. */
	BLOCKED_BY_FAILURES,

	/** All is done. Final. */
	COMPLETE,

	/** Given up. Final. */
	ERROR,

	/** Cancelled. Final. */
	CANCELLED,

	/** Settled by an operator. Final. */
	RESOLVED_MANUALLY;

	/**
	 * Return the name of the state in the database.
	 * @return the name in lower case
	 */
	public String sqlName() {
		return SqlNames.of(this);
	}

	/**
	 * Return whether no other state can follow.
	 * @return {@code true} if the task stays in this state
	 */
	public boolean isFinal() {
		return this == COMPLETE || this == ERROR || this == CANCELLED || this == RESOLVED_MANUALLY;
	}

	// Steps that are repaired by hand do not set a blocked task in motion again.
	boolean isOver() {
		return isFinal() || this == BLOCKED_BY_FAILURES;
	}

	static TaskState of(String sqlName) {
		return SqlNames.parse(TaskState.class, sqlName);
	}

}
