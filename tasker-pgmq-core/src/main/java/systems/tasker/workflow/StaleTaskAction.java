/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * What was done with a stale task.
 */
public enum StaleTaskAction {

	/** It has a new entry in the DLQ, and is in {@code ERROR}. */
	TRANSITIONED_TO_DLQ_AND_ERROR,

	/** It has a new entry in the DLQ. Its state could not be changed, or had changed. */
	MOVED_TO_DLQ_ONLY,

	/** It is in {@code ERROR}. It has no new entry in the DLQ. */
	TRANSITIONED_TO_ERROR_ONLY,

	/**
	 * Nothing, either because another program moved it at the same time, or because it
	 * cannot be moved. In the latter case it is found again.
	 */
	TRANSITION_FAILED;

	/**
	 * Return the name of the action in the database.
	 * @return the name in lower case
	 */
	public String sqlName() {
		return SqlNames.of(this);
	}

	static StaleTaskAction of(String sqlName) {
		return SqlNames.parse(StaleTaskAction.class, sqlName);
	}

}
