/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * Why a task is in the DLQ.
 */
public enum DlqReason {

	/** It was in one state for too long. */
	STALENESS_TIMEOUT,

	/** Its attempts are used up. */
	MAX_RETRIES_EXCEEDED,

	/** Its steps depend on each other in a circle. */
	DEPENDENCY_CYCLE_DETECTED,

	/** No worker takes its steps. */
	WORKER_UNAVAILABLE,

	/** Somebody put it there. */
	MANUAL_DLQ;

	/**
	 * Return the name of the reason in the database.
	 * @return the name in lower case
	 */
	public String sqlName() {
		return SqlNames.of(this);
	}

	static DlqReason of(String sqlName) {
		return SqlNames.parse(DlqReason.class, sqlName);
	}

}
