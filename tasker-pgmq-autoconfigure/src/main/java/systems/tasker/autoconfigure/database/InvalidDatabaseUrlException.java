/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a database has no address, or one that cannot be read.
 */
class InvalidDatabaseUrlException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	InvalidDatabaseUrlException(String property, String reason, @Nullable Throwable cause) {
		super(property + ": " + reason, cause);
		this.property = property;
	}

	String property() {
		return this.property;
	}

}
