/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Connections to the database of a pool that do not come from the pool: a migration needs
 * three at once, however small the pool is, and a dead database should answer with its
 * own error, not with the pool's time-out.
 */
final class UnpooledDataSource extends DriverManagerDataSource {

	private UnpooledDataSource(HikariDataSource pool) {
		super(String.valueOf(pool.getJdbcUrl()));
		Properties properties = new Properties();
		properties.putAll(pool.getDataSourceProperties());
		setConnectionProperties(properties);
		setUsername(pool.getUsername());
		setPassword(pool.getPassword());
	}

	static DataSource of(DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
		return (pool != null && pool.getJdbcUrl() != null) ? new UnpooledDataSource(pool) : dataSource;
	}

	@Override
	public String toString() {
		return String.valueOf(getUrl());
	}

}
