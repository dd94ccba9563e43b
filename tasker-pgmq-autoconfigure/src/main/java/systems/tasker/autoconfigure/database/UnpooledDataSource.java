/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

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

	private final HikariDataSource pool;

	private UnpooledDataSource(HikariDataSource pool, Map<String, String> driverProperties) {
		super(String.valueOf(pool.getJdbcUrl()));
		this.pool = pool;
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
	 * Return a DataSource without a pool for the database of another.
	 * @param dataSource the other DataSource
	 * @param driverProperties further properties for the driver, unless the URL has them
	 * @return the DataSource, or what is behind the other one when that is not a HikariCP
	 * pool with a URL
	 */
	public static DataSource of(DataSource dataSource, Map<String, String> driverProperties) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
		// Who provides credentials for each connection only the pool knows.
		return (pool != null && pool.getJdbcUrl() != null && pool.getCredentialsProvider() == null)
				? new UnpooledDataSource(pool, driverProperties) : GuardedDataSource.unguarded(dataSource);
	}

}
