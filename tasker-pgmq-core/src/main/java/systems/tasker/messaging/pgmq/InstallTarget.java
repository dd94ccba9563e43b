/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A database without PGMQ as our role sees it, and the words for what keeps PGMQ out.
 *
 * @param role the role we are
 * @param database the name of the database
 * @param createGranted whether the role may create schemas and extensions in it
 * @param extensionVersion the version of the extension the server would create, if it has
 * the files of any
 */
record InstallTarget(String role, String database, boolean createGranted, @Nullable String extensionVersion) {

	// Digits, as far as versions have them: 1.4.4, 1.10.0.
	private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?.*");

	static InstallTarget read(Connection connection) throws SQLException {
		String sql = """
				select current_user as role, current_database() as database,
					has_database_privilege(current_database(), 'CREATE') as create_granted,
					(select default_version from pg_catalog.pg_available_extensions where name = 'pgmq') as extension_version""";
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return new InstallTarget(row.getString("role"), row.getString("database"), row.getBoolean("create_granted"),
					row.getString("extension_version"));
		}
	}

	/*
	 * Asked before trying: the error of PostgreSQL names neither the role nor the cure.
	 */
	void requireCreate() {
		if (!this.createGranted) {
			String right = "CREATE ON DATABASE " + quoted(this.database);
			throw failure("the role lacks " + right + ". Run GRANT " + right + " TO " + quoted(this.role)
					+ ", or let an administrator run CREATE EXTENSION pgmq there", null);
		}
	}

	void requireExtension() {
		if (this.extensionVersion == null) {
			throw failure("the server does not have the files of the extension. Install them, "
					+ "or set tasker.pgmq-database.install to auto or sql", null);
		}
		if (!hasUsableExtension()) {
			throw failure("the server has version " + this.extensionVersion + " of the extension, and neither versions "
					+ "before 1.5.1 nor 1.10.0 and 1.10.1 can be used. Install the files of another version, "
					+ "or set tasker.pgmq-database.install to auto or sql", null);
		}
	}

	/**
	 * Return whether the server would create an extension that we can use.
	 * @return {@code false} for 1.5.0 and before, and for 1.10.0 and 1.10.1
	 */
	boolean hasUsableExtension() {
		if (this.extensionVersion == null) {
			return false;
		}
		Matcher version = VERSION.matcher(this.extensionVersion);
		if (!version.matches()) {
			// The check after the installation looks at what is there.
			return true;
		}
		int major = Integer.parseInt(version.group(1));
		int minor = Integer.parseInt(version.group(2));
		int patch = (version.group(3) != null) ? Integer.parseInt(version.group(3)) : 0;
		boolean broken = major == 1 && minor == 10 && patch <= 1;
		return !broken && (major > 1 || major == 1 && (minor > 5 || minor == 5 && patch >= 1));
	}

	PgmqInstallationException installationForbidden() {
		return failure("tasker.pgmq-database.install is none. Let an administrator run CREATE EXTENSION pgmq there, "
				+ "or set the property to auto, extension or sql", null);
	}

	PgmqInstallationException installationFailed(SQLException ex) {
		return failure("PostgreSQL refused (SQLSTATE " + ex.getSQLState() + "). Let an administrator run "
				+ "CREATE EXTENSION pgmq there, or set tasker.pgmq-database.install to another way", ex);
	}

	private PgmqInstallationException failure(String reason, @Nullable Throwable cause) {
		return new PgmqInstallationException("PGMQ is not installed in database " + quoted(this.database)
				+ ", and role " + quoted(this.role) + " cannot install it: " + reason, cause);
	}

	private static String quoted(String identifier) {
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

}
