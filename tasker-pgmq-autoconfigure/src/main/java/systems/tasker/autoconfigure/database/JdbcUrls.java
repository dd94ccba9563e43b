/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

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

	private JdbcUrls() {
	}

	/**
	 * Return an address without credentials and parameters, fit for logs.
	 * @param jdbcUrl the address as JDBC gives it, of any database
	 * @return the address
	 */
	public static String describe(String jdbcUrl) {
		try {
			return PostgresUrl.parse(jdbcUrl).toString();
		}
		catch (IllegalArgumentException ex) {
			return jdbcUrl.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//");
		}
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
