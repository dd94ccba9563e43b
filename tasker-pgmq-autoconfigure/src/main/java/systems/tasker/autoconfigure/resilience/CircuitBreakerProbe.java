/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.autoconfigure.database.PoolThreads;
import systems.tasker.autoconfigure.database.UnpooledDataSource;

/**
 * Asks the database behind an open circuit breaker whether it is back, and closes the
 * breaker when it is, so that recovery does not wait for traffic. It never opens one.
 */
final class CircuitBreakerProbe implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(CircuitBreakerProbe.class);

	private final CircuitBreakerGuard guard;

	private final String name;

	private final DataSource pool;

	private final DataSource dataSource;

	private final ScheduledExecutorService executor;

	CircuitBreakerProbe(CircuitBreakerGuard guard, DataSource pool) {
		this.guard = guard;
		this.name = guard.breaker().getName();
		this.pool = pool;
		this.dataSource = UnpooledDataSource.quick(pool);
		this.executor = executor(this.name);
		if (guard.properties().healthCheckEnabled()) {
			Duration interval = guard.properties().healthCheckInterval();
			this.executor.scheduleWithFixedDelay(this::probe, interval.toMillis(), interval.toMillis(),
					TimeUnit.MILLISECONDS);
		}
	}

	private static ScheduledExecutorService executor(String name) {
		return new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, name + "-circuit-breaker-probe");
			thread.setDaemon(true);
			return thread;
		});
	}

	private void probe() {
		if (!this.guard.isWaiting()) {
			return;
		}
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("select 1");
			PoolThreads.reconnect(this.pool);
			if (this.guard.recover()) {
				logger.info("The {} database answers again, its circuit breaker is closed", this.name);
			}
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("The {} database does not answer yet", this.name, ex);
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
