/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * A database without PGMQ as our role sees it, and the words for what keeps PGMQ out.
 *
 * @param role the role we are
 * @param database the name of the database
 * @param createGranted whether the role may create schemas and extensions in it
 * @param extensionAvailable whether the server has the files of the extension
 */
record InstallTarget(String role, String database, boolean createGranted, boolean extensionAvailable) {

	static InstallTarget read(Connection connection) throws SQLException {
		String sql = """
				select current_user as role, current_database() as database,
					has_database_privilege(current_database(), 'CREATE') as create_granted,
					exists (select from pg_catalog.pg_available_extensions where name = 'pgmq') as extension_available""";
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return new InstallTarget(row.getString("role"), row.getString("database"), row.getBoolean("create_granted"),
					row.getBoolean("extension_available"));
		}
	}

	/*
	 * Asked before trying: the error of PostgreSQL names neither the role nor the cure.
	 */
	void requireCreate() {
		if (!this.createGranted) {
			String right = "CREATE ON DATABASE " + quoted(this.database);
			throw failure("the role lacks " + right + ". Run GRANT " + right + " TO " + quoted(this.role)
					+ ", or let an administrator run CREATE EXTENSION pgmq there", right, null);
		}
	}

	void requireExtension() {
		if (!this.extensionAvailable) {
			throw failure("the server does not have the files of the extension. Install them, "
					+ "or set tasker.pgmq-database.install to auto or sql", null, null);
		}
	}

	PgmqInstallationException installationForbidden() {
		return failure("tasker.pgmq-database.install is none. Let an administrator run CREATE EXTENSION pgmq there, "
				+ "or set the property to auto, extension or sql", null, null);
	}

	PgmqInstallationException installationFailed(SQLException ex) {
		return failure("PostgreSQL refused (SQLSTATE " + ex.getSQLState() + "). Let an administrator run "
				+ "CREATE EXTENSION pgmq there, or set tasker.pgmq-database.install to another way", null, ex);
	}

	private PgmqInstallationException failure(String reason, @Nullable String missingRight, @Nullable Throwable cause) {
		return new PgmqInstallationException("PGMQ is not installed in database " + quoted(this.database)
				+ ", and role " + quoted(this.role) + " cannot install it: " + reason, this.role, this.database,
				missingRight, cause);
	}

	private static String quoted(String identifier) {
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

}
