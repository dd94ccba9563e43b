/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.Serial;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * No edge leads from one state to the other, whatever the task or step. The message names
 * it and both states. An error of the program, which a retry does not help.
 */
public final class ForbiddenTransitionException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private static final String CHECK_VIOLATION = "23514";

	private ForbiddenTransitionException(@Nullable String message, Throwable cause) {
		super(message, cause);
	}

	// Return the error that the database means.
	static RuntimeException of(DataIntegrityViolationException ex) {
		if (ex.getMostSpecificCause() instanceof PSQLException cause && CHECK_VIOLATION.equals(cause.getSQLState())) {
			ServerErrorMessage message = cause.getServerErrorMessage();
			if (message != null && "state_edges".equals(message.getConstraint())) {
				return new ForbiddenTransitionException(message.getMessage(), ex);
			}
		}
		return ex;
	}

}
