/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.Optional;

import com.zaxxer.hikari.HikariDataSource;

/**
 * From when on waiting for a connection of a pool is slow. A pool made from our
 * properties carries the value with it, so that metrics find it there, whatever proxies
 * stand before the pool; any other pool has none.
 */
public final class SlowAcquireThreshold {

	/** HikariCP keeps such properties for those who watch the pool. */
	private static final String PROPERTY = "slowAcquireThreshold";

	private SlowAcquireThreshold() {
	}

	static void set(HikariDataSource pool, Duration threshold) {
		pool.addHealthCheckProperty(PROPERTY, threshold.toString());
	}

	/**
	 * Return the threshold of a pool.
	 * @param pool the pool
	 * @return the threshold, or nothing when the pool is not ours
	 */
	public static Optional<Duration> of(HikariDataSource pool) {
		return Optional.ofNullable(pool.getHealthCheckProperties().getProperty(PROPERTY)).map(Duration::parse);
	}

}
