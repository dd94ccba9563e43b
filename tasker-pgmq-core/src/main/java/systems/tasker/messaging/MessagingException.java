/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of messaging.
 */
public abstract class MessagingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** Whether a retry can help. */
	private final boolean retryable;

	/**
	 * Create an error.
	 * @param message what went wrong, without payloads and passwords
	 * @param retryable whether the same call may succeed later
	 * @param cause the cause, if any
	 */
	protected MessagingException(String message, boolean retryable, @Nullable Throwable cause) {
		super(message, cause);
		this.retryable = retryable;
	}

	/**
	 * Return whether the same call may succeed later without a change of its arguments,
	 * the application or the database. When it joined a transaction, the transaction as a
	 * whole is what to retry.
	 * @return {@code true} if a retry can help
	 */
	public final boolean isRetryable() {
		return this.retryable;
	}

}
