/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

/**
 * A send inside a transaction on a database other than that of the queues was refused:
 * message and rows could not have been committed together. Nothing was sent.
 */
public final class CrossDatabaseSendException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The name of the queue. */
	private final String queue;

	/**
	 * Create an error.
	 * @param queue the name of the queue
	 * @param reason what was refused, where and what to do, a sentence
	 */
	public CrossDatabaseSendException(String queue, String reason) {
		super(reason, false, null);
		this.queue = queue;
	}

	/**
	 * Return the name of the queue.
	 * @return the name
	 */
	public String queue() {
		return this.queue;
	}

}
