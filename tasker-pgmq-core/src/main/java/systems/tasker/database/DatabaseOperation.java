/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

/**
 * What a caller wants from a database, for
 * {@link DatabasePools#forOperation(DatabaseOperation)}.
 */
public enum DatabaseOperation {

	/** Read tasks. */
	TASK_QUERY,

	/** Read workflow steps. */
	STEP_QUERY,

	/** Write a row of a transition table. */
	TRANSITION_INSERT,

	/** Change the state of a task or a step. */
	STATE_TRANSITION,

	/** Send messages. */
	QUEUE_SEND,

	/** Receive messages. */
	QUEUE_READ,

	/** Delete or archive messages. */
	QUEUE_DELETE,

	/** Create queues. */
	QUEUE_CREATE;

	boolean isQueueOperation() {
		return compareTo(QUEUE_SEND) >= 0;
	}

}
