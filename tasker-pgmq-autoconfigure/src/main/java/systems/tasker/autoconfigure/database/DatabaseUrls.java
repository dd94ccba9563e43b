/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

import systems.tasker.database.PostgresUrl;

/**
 * Addresses as properties give them.
 */
final class DatabaseUrls {

	static final String TASKER = "tasker.database.url";

	static final String PGMQ = "tasker.pgmq-database.url";

	private DatabaseUrls() {
	}

	// Blank is absent, as it is for the address.
	private static @Nullable String textOrNull(@Nullable String text) {
		return StringUtils.hasText(text) ? text : null;
	}

	static PostgresUrl read(String property, @Nullable String url, @Nullable String username,
			@Nullable String password) {
		if (!StringUtils.hasText(url)) {
			throw invalid(property, "the address of the database is missing", null);
		}
		try {
			return PostgresUrl.parse(url).withCredentials(textOrNull(username), textOrNull(password));
		}
		catch (IllegalArgumentException ex) {
			throw invalid(property, String.valueOf(ex.getMessage()), ex);
		}
	}

	private static DatabaseConfigurationException invalid(String property, String reason, @Nullable Throwable cause) {
		return new DatabaseConfigurationException(property + ": " + reason,
				"Set %s, or the environment variable %s, to an address such as postgresql://user:password@host:5432/database"
					.formatted(property, property.equals(PGMQ) ? "PGMQ_DATABASE_URL" : "DATABASE_URL"),
				cause);
	}

}
