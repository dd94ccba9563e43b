/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * The broker cannot be reached now: connection refused or lost, pool exhausted, timeout.
 */
public final class MessagingUnavailableException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an error.
	 * @param message what went wrong
	 * @param cause the cause, if any
	 */
	public MessagingUnavailableException(String message, @Nullable Throwable cause) {
		super(message, true, cause);
	}

}
