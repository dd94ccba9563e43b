/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * The states of a step. Which may follow which is decided by the database, in
 * {@code tasker.state_edges()}.
 */
public enum StepState {

	/** Not handed to a worker yet, or to be tried again. */
	PENDING,

	/** Handed to workers; the first to claim it gets it. */
	ENQUEUED,

	/** A worker has claimed it. */
	IN_PROGRESS,

	/** A worker has reported success; the orchestration has not looked at it. */
	ENQUEUED_FOR_ORCHESTRATION,

	/** A worker has reported a failure; the orchestration has not looked at it. */
	ENQUEUED_AS_ERROR_FOR_ORCHESTRATION,

	/** Failed, and to be tried again after a pause. */
	WAITING_FOR_RETRY,

	/** Done. */
	COMPLETE,

	/** Failed for good, unless an operator resets it. */
	ERROR,

	/** Cancelled. */
	CANCELLED,

	/** Settled by an operator; children may run. */
	RESOLVED_MANUALLY;

	/**
	 * Return the name of the state in the database.
	 * @return the name in lower case
	 */
	public String sqlName() {
		return SqlNames.of(this);
	}

	/**
	 * Return whether the step has ended: only an operator leads it out of this state.
	 * {@link #ERROR} is none of these states.
	 * @return {@code true} if the step has ended
	 */
	public boolean isFinal() {
		return this == COMPLETE || this == CANCELLED || this == RESOLVED_MANUALLY;
	}

	static StepState of(String sqlName) {
		return SqlNames.parse(StepState.class, sqlName);
	}

}
