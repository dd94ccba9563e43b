/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

/**
 * An encoded payload is above the limit.
 */
public final class MessageTooLargeException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The size in bytes. */
	private final long size;

	/** The limit in bytes. */
	private final long limit;

	/**
	 * Create an error.
	 * @param payload which payload it is, such as {@code the payload for queue "orders"}
	 * @param size the size of the payload in bytes
	 * @param limit the largest size allowed in bytes
	 */
	public MessageTooLargeException(String payload, long size, long limit) {
		super("Cannot send " + payload + ": it has " + size + " bytes, and the maximum message size "
				+ "(tasker.messaging.max-message-size) is " + limit, false, null);
		this.size = size;
		this.limit = limit;
	}

	/**
	 * Return the size of the payload.
	 * @return the size in bytes
	 */
	public long size() {
		return this.size;
	}

	/**
	 * Return the largest size allowed.
	 * @return the limit in bytes
	 */
	public long limit() {
		return this.limit;
	}

}
