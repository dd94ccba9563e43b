/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.sql.SQLException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.env.MockEnvironment;

import systems.tasker.autoconfigure.database.MigrationMode;
import systems.tasker.database.MigrationSet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseMigrationFailureAnalyzer}: what a test cannot bring a server
 * to say. The others are in {@code StartupFailureIntegrationTests}.
 */
class DatabaseMigrationFailureAnalyzerTests {

	@ParameterizedTest
	@CsvSource({ "57P03, is starting up", "08004, refuses the login", "28P01, refuses the login",
			"08001, cannot be reached" })
	void saysWhatTheStateMeans(String state, String expected) {
		FailureAnalysis analysis = new DatabaseMigrationFailureAnalyzer(new MockEnvironment())
			.analyze(new DatabaseMigrationException(MigrationSet.TASKER, MigrationMode.MIGRATE,
					new DriverManagerDataSource(), new SQLException("said so", state)));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).contains(expected, "said so");
	}

}
