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
	TASK_QUERY(false),

	/** Read workflow steps. */
	STEP_QUERY(false),

	/** Write a row of a transition table. */
	TRANSITION_INSERT(false),

	/** Change the state of a task or a step. */
	STATE_TRANSITION(false),

	/** Send messages. */
	QUEUE_SEND(true),

	/** Receive messages. */
	QUEUE_READ(true),

	/** Delete or archive messages. */
	QUEUE_DELETE(true),

	/** Create queues. */
	QUEUE_CREATE(true);

	private final boolean queueOperation;

	DatabaseOperation(boolean queueOperation) {
		this.queueOperation = queueOperation;
	}

	boolean isQueueOperation() {
		return this.queueOperation;
	}

}
