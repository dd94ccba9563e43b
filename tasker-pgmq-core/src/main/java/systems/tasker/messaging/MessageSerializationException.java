/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * A payload or headers cannot be encoded, decoded or stored.
 */
public final class MessageSerializationException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an error.
	 * @param message what went wrong, without the payload
	 * @param cause the cause, if any
	 */
	public MessageSerializationException(String message, @Nullable Throwable cause) {
		super(message, false, cause);
	}

}
