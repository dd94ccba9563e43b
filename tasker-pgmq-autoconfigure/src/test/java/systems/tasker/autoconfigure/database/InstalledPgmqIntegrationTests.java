/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

import javax.sql.DataSource;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.pgmq.PgmqCapabilities;
import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqCapabilities.Support;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("any-postgres")
class InstalledPgmqIntegrationTests {

	private static final PgmqCapabilities FOUND_BY_MIGRATION = new PgmqCapabilities("1.12.0", InstallKind.EXTENSION,
			Support.SUPPORTED, Set.of());

	private final InstalledPgmq installed = new InstalledPgmq();

	@Test
	void aDatabaseWithoutPgmqIsAskedAgain() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			assertThat(this.installed.find(connection)).isEmpty();
			assertThat(this.installed.find(database.dataSource())).isEmpty();
			JdbcClient.create(database.dataSource()).sql("create extension pgmq").update();
			assertThat(this.installed.find(connection)).isPresent();
		}
	}

	@Test
	void whatWasFoundIsNotAskedAgain() throws SQLException {
		DataSource gone;
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			gone = database.dataSource();
			assertThat(this.installed.find(gone)).map(PgmqCapabilities::version).contains("1.11.1");
		}
		assertThat(this.installed.find(gone)).map(PgmqCapabilities::version).contains("1.11.1");
	}

	@Test
	void theMigrationKnowsBetter() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Connection connection = database.dataSource().getConnection()) {
			this.installed.find(connection);
			this.installed.refresh(FOUND_BY_MIGRATION);
			assertThat(this.installed.find(connection)).contains(FOUND_BY_MIGRATION);
			assertThat(this.installed.find(database.dataSource())).contains(FOUND_BY_MIGRATION);
		}
	}

}
