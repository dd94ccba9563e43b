/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.Optional;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

import systems.tasker.database.GuardedDataSource;

/**
 * How busy a pool is.
 *
 * @param active connections in use
 * @param idle connections that wait for use
 * @param pending threads that wait for a connection
 * @param max most connections
 * @param utilization share of {@code max} that is in use, 0 to 1
 */
public record PoolFigures(int active, int idle, int pending, int max, double utilization) {

	/**
	 * Read the figures of a pool.
	 * @param dataSource the pool, guarded or not
	 * @return the figures, or nothing when it is not a HikariCP pool, or one that nobody
	 * has asked for a connection yet
	 */
	public static Optional<PoolFigures> of(DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(GuardedDataSource.unguarded(dataSource),
				HikariDataSource.class);
		HikariPoolMXBean figures = (pool != null) ? pool.getHikariPoolMXBean() : null;
		if (pool == null || figures == null) {
			return Optional.empty();
		}
		int active = figures.getActiveConnections();
		int max = pool.getMaximumPoolSize();
		return Optional.of(new PoolFigures(active, figures.getIdleConnections(), figures.getThreadsAwaitingConnection(),
				max, Math.round(100.0 * active / max) / 100.0));
	}

}
