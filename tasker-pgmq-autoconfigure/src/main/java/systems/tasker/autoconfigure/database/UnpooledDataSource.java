/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import systems.tasker.database.GuardedDataSource;

/**
 * Connections to the database of a pool that do not come from the pool: what runs at
 * start or in an outage must not depend on the size and the state of the pool, and a dead
 * database should answer with its own error, not with the pool's time-out.
 */
public final class UnpooledDataSource extends DriverManagerDataSource {

	/** Seconds, for each step: connecting, the login, an answer. */
	private static final Map<String, String> QUICK = Map.of("connectTimeout", "1", "loginTimeout", "1", "socketTimeout",
			"1");

	/** Seconds. The first ends a login that the driver no longer waits for. */
	private static final Map<String, String> PATIENT = Map.of("socketTimeout", "10", "cancelSignalTimeout", "1");

	private final HikariDataSource pool;

	private final boolean patient;

	private UnpooledDataSource(HikariDataSource pool, Map<String, String> driverProperties) {
		super(String.valueOf(pool.getJdbcUrl()));
		this.pool = pool;
		this.patient = driverProperties == PATIENT;
		Properties properties = new Properties();
		properties.putAll(pool.getDataSourceProperties());
		properties.putAll(driverProperties);
		setConnectionProperties(properties);
	}

	// Those of the pool can change while the application runs.
	@Override
	public @Nullable String getUsername() {
		return this.pool.getUsername();
	}

	@Override
	public @Nullable String getPassword() {
		return this.pool.getPassword();
	}

	/**
	 * Return a DataSource for questions that are answered at once or not at all. Its
	 * time-outs are a second each, unless the URL has others.
	 * @param dataSource the DataSource of the same database
	 * @return the DataSource without a pool, or what is behind the given one when that is
	 * not a HikariCP pool with a URL
	 */
	public static DataSource quick(DataSource dataSource) {
		return of(dataSource, QUICK);
	}

	/**
	 * Return a DataSource for statements that may take their time, unless the URL limits
	 * it. Connecting has the time-outs of the pool.
	 * @param dataSource the DataSource of the same database
	 * @return the DataSource without a pool, or what is behind the given one when that is
	 * not a HikariCP pool with a URL
	 */
	public static DataSource patient(DataSource dataSource) {
		return of(dataSource, PATIENT);
	}

	static DataSource of(DataSource dataSource, Map<String, String> driverProperties) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
		if (pool != null && pool.getJdbcUrl() != null) {
			JdbcUrls.requireReadable(pool.getJdbcUrl());
		}
		// Who provides credentials for each connection only the pool knows.
		return (pool != null && pool.getJdbcUrl() != null && pool.getCredentialsProvider() == null)
				? new UnpooledDataSource(pool, driverProperties) : GuardedDataSource.unguarded(dataSource);
	}

	@Override
	protected Connection getConnectionFromDriverManager(String url, Properties properties) throws SQLException {
		Connection connection = super.getConnectionFromDriverManager(url, properties);
		if (this.patient && !url.contains("socketTimeout=")) {
			connection.setNetworkTimeout(Runnable::run, 0);
		}
		return connection;
	}

}
