/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * The broker refused a call for a reason that has no class of its own.
 */
public final class UncategorizedMessagingException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an error.
	 * @param message what went wrong
	 * @param retryable whether the same call may succeed later
	 * @param cause the cause, if any
	 */
	public UncategorizedMessagingException(String message, boolean retryable, @Nullable Throwable cause) {
		super(message, retryable, cause);
	}

}
