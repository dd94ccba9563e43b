/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * The queue does not exist.
 */
public final class QueueNotFoundException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The name of the queue. */
	private final String queue;

	/**
	 * Create an error.
	 * @param queue the name of the queue
	 * @param cause the cause, if any
	 */
	public QueueNotFoundException(String queue, @Nullable Throwable cause) {
		this(queue, "Queue \"" + queue + "\" does not exist; ensureQueue creates it", cause);
	}

	/**
	 * Create an error about a queue of which a part may be missing.
	 * @param queue the name of the queue
	 * @param reason what does not exist and what to do, a sentence
	 * @param cause the cause, if any
	 */
	public QueueNotFoundException(String queue, String reason, @Nullable Throwable cause) {
		super(reason, false, cause);
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
