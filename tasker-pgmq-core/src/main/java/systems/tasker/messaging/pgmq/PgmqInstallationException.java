/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * PGMQ is not in the database and could not be installed.
 */
public final class PgmqInstallationException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The role that tried. */
	private final String role;

	/** The database without PGMQ. */
	private final String database;

	/** The right the role lacks. */
	private final @Nullable String missingRight;

	PgmqInstallationException(String message, String role, String database, @Nullable String missingRight,
			@Nullable Throwable cause) {
		super(message, cause);
		this.role = role;
		this.database = database;
		this.missingRight = missingRight;
	}

	/**
	 * Return the role that tried.
	 * @return the name of the role
	 */
	public String role() {
		return this.role;
	}

	/**
	 * Return the database without PGMQ.
	 * @return the name of the database
	 */
	public String database() {
		return this.database;
	}

	/**
	 * Return the right the role lacks.
	 * @return the right, such as {@code CREATE ON DATABASE "queues"}, or {@code null}
	 * when the reason is another
	 */
	public @Nullable String missingRight() {
		return this.missingRight;
	}

}
