/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.PostgresUrl;

/**
 * What a DataSource tells about its database.
 */
public final class JdbcUrls {

	private static final String POSTGRES = "jdbc:postgresql:";

	private static final Pattern SCHEME = Pattern.compile("jdbc:[A-Za-z0-9]+:");

	private JdbcUrls() {
	}

	/**
	 * Return an address without credentials and parameters, fit for logs.
	 * @param jdbcUrl the address as JDBC gives it, of any database
	 * @return the address, or only its scheme when it is none that we can read
	 */
	public static String describe(String jdbcUrl) {
		try {
			return FailureText.withoutSecrets(PostgresUrl.parse(jdbcUrl).toString());
		}
		catch (IllegalArgumentException ex) {
			Matcher scheme = SCHEME.matcher(jdbcUrl);
			return (scheme.lookingAt() ? scheme.group() : "") + "…";
		}
	}

	/**
	 * Refuse an address that the driver would not understand, before it sees it: its
	 * error would repeat all of the address. Those of other databases are let through.
	 * @param jdbcUrl the address of a DataSource that the application has made
	 */
	static void requireReadable(String jdbcUrl) {
		if (!jdbcUrl.startsWith(POSTGRES)) {
			return;
		}
		try {
			// The driver can do without a name for the database, and takes the user's.
			PostgresUrl.parse(jdbcUrl + ((jdbcUrl.indexOf('?') < 0) ? "?" : "&") + "dbname=any");
		}
		catch (IllegalArgumentException ex) {
			throw unreadable(String.valueOf(ex.getMessage()), ex);
		}
		// Ours may have a login there, but the driver takes it for part of the host.
		if (jdbcUrl.substring(POSTGRES.length()).split("\\?", 2)[0].contains("@")) {
			throw unreadable("a JDBC URL has no user and password before the host", null);
		}
	}

	private static DatabaseConfigurationException unreadable(String reason, @Nullable Throwable cause) {
		return new DatabaseConfigurationException(
				"The address of the application's DataSource (spring.datasource.url): " + reason,
				"Set spring.datasource.url to an address such as jdbc:postgresql://host:5432/database, "
						+ "and spring.datasource.username and .password beside it",
				cause);
	}

	/**
	 * Return the address of a pool without credentials and parameters, fit for logs. The
	 * database is not asked.
	 * @param dataSource the pool, guarded or not
	 * @return the address, or nothing when it is not a HikariCP pool with a URL
	 */
	public static Optional<String> describe(DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(GuardedDataSource.unguarded(dataSource),
				HikariDataSource.class);
		return Optional.ofNullable(pool).map(HikariDataSource::getJdbcUrl).map(JdbcUrls::describe);
	}

	static boolean isSameDatabase(DataSource dataSource, PostgresUrl url) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
		if (pool != null && pool.getJdbcUrl() != null) {
			return isSameDatabase(pool.getJdbcUrl(), pool.getUsername(), url);
		}
		try (Connection connection = dataSource.getConnection()) {
			return isSameDatabase(connection.getMetaData().getURL(), connection.getMetaData().getUserName(), url);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static boolean isSameDatabase(String jdbcUrl, @Nullable String username, PostgresUrl url) {
		try {
			return PostgresUrl.parse(jdbcUrl).withCredentials(username, null).isSameDatabase(url);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
