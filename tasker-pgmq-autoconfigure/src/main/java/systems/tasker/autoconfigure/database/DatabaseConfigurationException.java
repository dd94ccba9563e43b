/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when what is configured cannot be a database of this application.
 */
class DatabaseConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	DatabaseConfigurationException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
		this.action = action;
	}

	// What to do.
	String action() {
		return this.action;
	}

}
