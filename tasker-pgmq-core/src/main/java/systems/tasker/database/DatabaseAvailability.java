/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * Tells an outage of a database from an error of the application. Decided by SQLSTATE and
 * class, never by message, whose language the server chooses.
 */
public final class DatabaseAvailability {

	/**
	 * 08 connection exception, 28 login refused, 53 insufficient resources, 57P operator
	 * intervention (PostgreSQL, appendix "Error Codes").
	 */
	private static final Set<String> CLASSES = Set.of("08", "28", "53");

	private static final String OPERATOR_INTERVENTION = "57P";

	/** A statement ran into its time-out, or somebody cancelled it. */
	private static final String QUERY_CANCELED = "57014";

	/** The database itself is missing. */
	private static final String INVALID_CATALOG_NAME = "3D000";

	private DatabaseAvailability() {
	}

	/**
	 * Return whether a failure means that the database cannot be used now: no connection
	 * (server down, login refused, pool exhausted), connection lost, server out of
	 * resources, no answer in time. A constraint violation, bad data or a missing table
	 * does not.
	 * @param failure what a call ended with
	 * @return {@code true} if the same call can succeed once the database is back
	 */
	public static boolean isOutage(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof CannotGetJdbcConnectionException
					|| cause instanceof SQLException ex && (isConnectionFailure(ex) || isOutage(ex.getSQLState()))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isConnectionFailure(SQLException ex) {
		return ex instanceof SQLTransientConnectionException || ex instanceof SQLNonTransientConnectionException
				|| ex instanceof SQLTimeoutException;
	}

	private static boolean isOutage(@Nullable String state) {
		return state != null && state.length() >= 2
				&& (CLASSES.contains(state.substring(0, 2)) || state.startsWith(OPERATOR_INTERVENTION)
						|| state.equals(QUERY_CANCELED) || state.equals(INVALID_CATALOG_NAME));
	}

}
