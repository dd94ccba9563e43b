/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

import systems.tasker.messaging.CircuitBreakerOpenException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GuardedDataSource}.
 */
class GuardedDataSourceTests {

	@Test
	void aRefusalIsAFailureToConnect() {
		GuardedDataSource dataSource = failing(new CircuitBreakerOpenException("tasker", Instant.now()));
		assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(dataSource::getConnection)
			.withCauseInstanceOf(CircuitBreakerOpenException.class)
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
	}

	@Test
	void whateverElseGoesWrongKeepsItsName() {
		GuardedDataSource dataSource = failing(new IllegalStateException("no credentials"));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(dataSource::getConnection)
			.withMessage("no credentials");
	}

	private static GuardedDataSource failing(RuntimeException failure) {
		return new GuardedDataSource(new AbstractDataSource() {

			@Override
			public Connection getConnection() {
				throw failure;
			}

			@Override
			public Connection getConnection(String username, String password) {
				throw failure;
			}

		}, DatabaseGuard.NONE);
	}

}
