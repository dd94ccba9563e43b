/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.sql.SQLException;
import java.util.Objects;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import systems.tasker.autoconfigure.database.FailureText;
import systems.tasker.autoconfigure.database.JdbcUrls;
import systems.tasker.autoconfigure.database.MigrationMode;
import systems.tasker.autoconfigure.database.UnpooledDataSource;
import systems.tasker.database.MigrationSet;
import systems.tasker.messaging.pgmq.PgmqInstallationException;

/**
 * Thrown when a database cannot be reached or brought up to date at start.
 */
class DatabaseMigrationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final MigrationSet set;

	private final MigrationMode mode;

	private final String address;

	DatabaseMigrationException(MigrationSet set, MigrationMode mode, DataSource dataSource, Throwable cause) {
		super("The migration of the " + set.schema() + " schema failed: " + reason(cause), cause);
		this.set = set;
		this.mode = mode;
		this.address = address(dataSource);
	}

	private static String address(DataSource dataSource) {
		return (dataSource instanceof UnpooledDataSource unpooled && unpooled.getUrl() != null)
				? JdbcUrls.describe(unpooled.getUrl()) : "the application's DataSource";
	}

	MigrationMode mode() {
		return this.mode;
	}

	MigrationSet set() {
		return this.set;
	}

	// Without credentials.
	String address() {
		return this.address;
	}

	@Nullable String sqlState() {
		for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException ex && ex.getSQLState() != null) {
				return ex.getSQLState();
			}
		}
		return null;
	}

	String rootMessage() {
		return FailureText.of(Objects.requireNonNull(getCause()));
	}

	// Ours says more than the database behind it.
	private static String reason(Throwable cause) {
		return (cause instanceof PgmqInstallationException) ? String.valueOf(cause.getMessage())
				: FailureText.of(cause);
	}

}
