/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

import systems.tasker.database.PostgresUrl;

/**
 * A valid set of pool properties, and the pool made of it.
 *
 * @param name the name of the pool, also the suffix of {@code application_name}
 * @param maxConnections most connections
 * @param minConnections connections kept open when idle
 * @param acquireTimeout longest wait for a connection
 * @param idleTimeout time after which an idle connection above the minimum is closed
 * @param maxLifetime age at which a connection is replaced
 */
record PoolSettings(String name, int maxConnections, int minConnections, Duration acquireTimeout, Duration idleTimeout,
		Duration maxLifetime) {

	static PoolSettings of(TaskerDatabaseProperties.Pool pool) {
		return new PoolSettings("tasker", pool.maxConnections(), pool.minConnections(), pool.acquireTimeout(),
				pool.idleTimeout(), pool.maxLifetime())
			.validated("tasker.database.pool.");
	}

	static PoolSettings of(PgmqDatabaseProperties.Pool pool) {
		return new PoolSettings("pgmq", pool.maxConnections(), pool.minConnections(), pool.acquireTimeout(),
				pool.idleTimeout(), pool.maxLifetime())
			.validated("tasker.pgmq-database.pool.");
	}

	private PoolSettings validated(String prefix) {
		check(prefix + "max-connections", this.maxConnections, this.maxConnections >= 1 && this.maxConnections <= 1000,
				"must be from 1 to 1000");
		check(prefix + "min-connections", this.minConnections,
				this.minConnections >= 0 && this.minConnections <= this.maxConnections,
				"must be from 0 to " + prefix + "max-connections, which is " + this.maxConnections);
		// The pool itself refuses shorter ones, or replaces them without a word.
		check(prefix + "acquire-timeout", this.acquireTimeout, isAtLeast(this.acquireTimeout, Duration.ofMillis(250)),
				"must be 250ms or more");
		check(prefix + "idle-timeout", this.idleTimeout, isAtLeast(this.idleTimeout, Duration.ofSeconds(10)),
				"must be 10s or more");
		check(prefix + "max-lifetime", this.maxLifetime, isAtLeast(this.maxLifetime, Duration.ofSeconds(30)),
				"must be 30s or more");
		return this;
	}

	private static boolean isAtLeast(Duration value, Duration least) {
		return value.compareTo(least) >= 0;
	}

	private static void check(String property, Object value, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(property, value, reason);
		}
	}

	/**
	 * Create the pool. It opens no connection before the first is asked for.
	 */
	HikariDataSource open(PostgresUrl url, Environment environment) {
		HikariDataSource pool = new HikariDataSource();
		pool.setPoolName(this.name);
		pool.setJdbcUrl(url.jdbcUrl());
		pool.setUsername(url.username());
		pool.setPassword(url.password());
		pool.setMaximumPoolSize(this.maxConnections);
		pool.setMinimumIdle(this.minConnections);
		pool.setConnectionTimeout(this.acquireTimeout.toMillis());
		pool.setIdleTimeout(this.idleTimeout.toMillis());
		pool.setMaxLifetime(this.maxLifetime.toMillis());
		// A database that is down when the first connection is asked for must not cost
		// every later caller a blocking attempt of its own.
		pool.setInitializationFailTimeout(-1);
		pool.setValidationTimeout(Math.min(1000, this.acquireTimeout.toMillis()));
		pool.setConnectionInitSql("SET TIME ZONE 'UTC'");
		pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
		driverProperties(url, environment).forEach(pool::addDataSourceProperty);
		return pool;
	}

	private Map<String, String> driverProperties(PostgresUrl url, Environment environment) {
		String applicationName = environment.getProperty("spring.application.name", "application");
		return url.parameters().containsKey("ApplicationName") ? Map.of()
				: Map.of("ApplicationName", applicationName + ":" + this.name);
	}

}
