/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * PGMQ is not in the database and could not be installed. The message names role,
 * database and, if that is the reason, the right that is missing.
 */
public final class PgmqInstallationException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	PgmqInstallationException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
