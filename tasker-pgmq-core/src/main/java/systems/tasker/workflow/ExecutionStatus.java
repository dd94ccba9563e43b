/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * What the states of all steps say about a task.
 */
public enum ExecutionStatus {

	/** A step is in error. */
	BLOCKED_BY_FAILURES,

	/** A step can run now. */
	HAS_READY_STEPS,

	/** Workers or the orchestration have steps. */
	PROCESSING,

	/** Each step is complete or resolved. */
	ALL_COMPLETE,

	/** None of these. */
	WAITING_FOR_DEPENDENCIES;

	static ExecutionStatus of(String sqlName) {
		return SqlNames.parse(ExecutionStatus.class, sqlName);
	}

}
