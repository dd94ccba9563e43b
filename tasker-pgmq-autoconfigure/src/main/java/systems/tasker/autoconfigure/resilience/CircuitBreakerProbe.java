/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.autoconfigure.database.PoolThreads;
import systems.tasker.autoconfigure.database.RepeatedTask;
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

	private final @Nullable RepeatedTask task;

	CircuitBreakerProbe(CircuitBreakerGuard guard, DataSource pool) {
		this.guard = guard;
		this.name = guard.breaker().getName();
		this.pool = pool;
		this.dataSource = UnpooledDataSource.quick(pool);
		Duration interval = guard.properties().healthCheckInterval();
		this.task = guard.properties().healthCheckEnabled()
				? new RepeatedTask(this.name + "-circuit-breaker-probe", interval, interval, this::probe) : null;
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
		if (this.task != null) {
			this.task.close();
		}
	}

}
