/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

import systems.tasker.database.PostgresUrl;

/**
 * What the pool of an application tells about its database.
 */
final class HikariUrls {

	private HikariUrls() {
	}

	static boolean isSameDatabase(DataSource dataSource, PostgresUrl url) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, com.zaxxer.hikari.HikariConfigMXBean.class,
				HikariDataSource.class);
		if (pool == null || pool.getJdbcUrl() == null || !pool.getJdbcUrl().startsWith("jdbc:postgresql:")) {
			return false;
		}
		return PostgresUrl.parse(pool.getJdbcUrl()).withCredentials(pool.getUsername(), null).isSameDatabase(url);
	}

}
