/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import systems.tasker.database.MigrationSet;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * The two ways PGMQ comes to a database.
 */
enum PgmqInstall {

	EXTENSION {

		@Override
		TestDatabase createDatabase() {
			return TaskerPostgres.shared().createDatabase();
		}

	},

	SQL {

		@Override
		TestDatabase createDatabase() {
			TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
			Migrations.runFiles(database.dataSource(), "tasker/pgmq-extension/pgmq--*.sql");
			Migrations.flyway(database.dataSource(), MigrationSet.PGMQ).migrate();
			return database;
		}

	};

	/**
	 * Create a database with PGMQ and the PGMQ set.
	 */
	abstract TestDatabase createDatabase();

}
