/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import systems.tasker.autoconfigure.database.BoundedProbe;

/**
 * Lends a connection whose reads end with the time-out of a probe, also when the server
 * is gone without a word, and gives it back as it was: not every pool restores the
 * time-out by itself.
 */
final class ProbeConnection {

	private ProbeConnection() {
	}

	static <T> T use(DataSource dataSource, Question<T> question) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			int timeout = connection.getNetworkTimeout();
			connection.setNetworkTimeout(Runnable::run, (int) BoundedProbe.TIMEOUT.toMillis());
			try {
				return question.ask(connection);
			}
			finally {
				// A time-out that was hit has closed it.
				if (!connection.isClosed()) {
					connection.setNetworkTimeout(Runnable::run, timeout);
				}
			}
		}
	}

	/**
	 * Asks a database.
	 *
	 * @param <T> the type of the answer
	 */
	@FunctionalInterface
	interface Question<T> {

		T ask(Connection connection) throws SQLException;

	}

}
