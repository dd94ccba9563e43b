/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.LinkedHashMap;
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
 * @param slowAcquireThreshold wait for a connection above which it counts as slow
 * @param socketTimeout longest silence of the server while it owes an answer
 */
record PoolSettings(String name, int maxConnections, int minConnections, Duration acquireTimeout, Duration idleTimeout,
		Duration maxLifetime, Duration slowAcquireThreshold, Duration socketTimeout) {

	/** Room for reports; whoever needs more sets {@code socketTimeout} in the URL. */
	private static final Duration TASKER_SOCKET_TIMEOUT = Duration.ofSeconds(60);

	/** Statements on queues take milliseconds. */
	private static final Duration PGMQ_SOCKET_TIMEOUT = Duration.ofSeconds(30);

	static PoolSettings of(TaskerDatabaseProperties.Pool pool) {
		return new PoolSettings("tasker", pool.maxConnections(), pool.minConnections(), pool.acquireTimeout(),
				pool.idleTimeout(), pool.maxLifetime(), pool.slowAcquireThreshold(), TASKER_SOCKET_TIMEOUT)
			.validated("tasker.database.pool.");
	}

	static PoolSettings of(PgmqDatabaseProperties.Pool pool) {
		return new PoolSettings("pgmq", pool.maxConnections(), pool.minConnections(), pool.acquireTimeout(),
				pool.idleTimeout(), pool.maxLifetime(), pool.slowAcquireThreshold(), PGMQ_SOCKET_TIMEOUT)
			.validated("tasker.pgmq-database.pool.");
	}

	private PoolSettings validated(String prefix) {
		check(prefix + "max-connections", this.maxConnections, this.maxConnections >= 1 && this.maxConnections <= 1000,
				"must be from 1 to 1000");
		check(prefix + "min-connections", this.minConnections,
				this.minConnections >= 0 && this.minConnections <= this.maxConnections,
				"must be from 0 to " + prefix + "max-connections, which is " + this.maxConnections);
		// The pool itself refuses shorter ones, or replaces them without a word.
		// The driver counts the first one as 32 bits of milliseconds, which are 24 days.
		DurationRange.from("250ms").to("20d").check(prefix + "acquire-timeout", this.acquireTimeout);
		DurationRange.from("10s").check(prefix + "idle-timeout", this.idleTimeout);
		DurationRange.from("30s").check(prefix + "max-lifetime", this.maxLifetime);
		DurationRange.from("1ns").check(prefix + "slow-acquire-threshold", this.slowAcquireThreshold);
		return this;
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
		pool.setThreadFactory(new PoolThreads(this.name));
		pool.setJdbcUrl(url.jdbcUrl());
		pool.setUsername(url.username());
		pool.setPassword(url.password());
		pool.setMaximumPoolSize(this.maxConnections);
		pool.setMinimumIdle(this.minConnections);
		pool.setConnectionTimeout(this.acquireTimeout.toMillis());
		pool.setMaxLifetime(this.maxLifetime.toMillis());
		// The pool switches a longer one off and warns; no connection gets that old.
		pool.setIdleTimeout(Math.min(this.idleTimeout.toMillis(), this.maxLifetime.minusSeconds(1).toMillis()));
		// A database that is down when the first connection is asked for must not cost
		// every later caller a blocking attempt of its own.
		pool.setInitializationFailTimeout(-1);
		pool.setValidationTimeout(Math.min(1000, this.acquireTimeout.toMillis()));
		pool.setConnectionInitSql("SET TIME ZONE 'UTC'");
		pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
		SlowAcquireThreshold.set(pool, this.slowAcquireThreshold);
		driverProperties(url, environment).forEach(pool::addDataSourceProperty);
		return pool;
	}

	/*
	 * For what the URL leaves open: there the driver lets its parameters win. Without
	 * time-outs a server that vanished without a word holds a thread until TCP gives up,
	 * which takes minutes.
	 */
	private Map<String, String> driverProperties(PostgresUrl url, Environment environment) {
		long connectSeconds = Math.max(1, this.acquireTimeout.toSeconds());
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("ApplicationName",
				environment.getProperty("spring.application.name", "application") + ":" + this.name);
		properties.put("connectTimeout", String.valueOf(connectSeconds));
		properties.put("loginTimeout", String.valueOf(connectSeconds * url.hosts().size()));
		properties.put("socketTimeout", String.valueOf(this.socketTimeout.toSeconds()));
		properties.put("tcpKeepAlive", "true");
		properties.keySet().removeAll(url.parameters().keySet());
		return properties;
	}

}
