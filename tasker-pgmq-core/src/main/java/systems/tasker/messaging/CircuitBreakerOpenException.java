/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of a database is open: the call was not made.
 */
public final class CircuitBreakerOpenException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The database behind the breaker. */
	private final String database;

	/** When the breaker admits a trial call. */
	private final @Nullable Instant retryAt;

	/**
	 * Create an error.
	 * @param database the name of the breaker and of the database behind it
	 * @param retryAt when the breaker admits a trial call
	 */
	public CircuitBreakerOpenException(String database, Instant retryAt) {
		super("The circuit breaker '%s' is open: the %s database did not answer, it is tried again at %s"
			.formatted(database, database, retryAt), true, null);
		this.database = database;
		this.retryAt = retryAt;
	}

	/**
	 * Create an error for a breaker that does not know when it will close.
	 * @param database the name of the breaker and of the database behind it
	 * @param reason why it is open
	 */
	public CircuitBreakerOpenException(String database, String reason) {
		super("The circuit breaker '%s' is held open: %s".formatted(database, reason), true, null);
		this.database = database;
		this.retryAt = null;
	}

	/**
	 * Return the name of the breaker and of the database behind it.
	 * @return {@code tasker} or {@code pgmq}
	 */
	public String database() {
		return this.database;
	}

	/**
	 * Return when the breaker admits a trial call. It may close earlier.
	 * @return the time, or {@code null} when the breaker is held open
	 */
	public @Nullable Instant retryAt() {
		return this.retryAt;
	}

}
