/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import systems.tasker.database.MigrationSet;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * PGMQ as plain SQL, by the file in the jar.
 */
class PgmqSetWithSqlIntegrationTests extends PgmqSetIntegrationTests {

	PgmqSetWithSqlIntegrationTests() {
		super(createDatabase());
	}

	private static TestDatabase createDatabase() {
		TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
		Migrations.runFiles(database.dataSource(), "tasker/pgmq-extension/pgmq--*.sql");
		Migrations.flyway(database.dataSource(), MigrationSet.PGMQ).migrate();
		return database;
	}

}
