/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * The database lacks a function that messaging brings along: its migrations have not run
 * there.
 */
public final class MissingDatabaseFunctionException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an error.
	 * @param failure what failed, without full stop
	 * @param function the name of the function, with its schema
	 * @param cause the cause, if any
	 */
	public MissingDatabaseFunctionException(String failure, String function, @Nullable Throwable cause) {
		super(failure + ": the database has no function " + function
				+ ". Run the migrations of tasker-pgmq-migrations there, or set tasker.pgmq-database.migration to migrate",
				false, cause);
	}

}
