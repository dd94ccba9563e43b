/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;

import systems.tasker.autoconfigure.database.ConditionalOnPgmqDatabase;
import systems.tasker.autoconfigure.database.InstalledPgmq;
import systems.tasker.autoconfigure.database.MigrationMode;
import systems.tasker.autoconfigure.database.PgmqDatabaseProperties;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseProperties;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.MigrationSet;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.database.TaskerDataSource;
import systems.tasker.messaging.pgmq.PgmqInstaller;
import systems.tasker.messaging.pgmq.PgmqRequirements;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the migrations of both
 * databases: the Tasker set first, then PGMQ itself and the set around it.
 */
@AutoConfiguration(after = TaskerDatabaseAutoConfiguration.class)
@ConditionalOnClass(Flyway.class)
public final class TaskerMigrationAutoConfiguration {

	static final String TASKER_MIGRATION = "taskerMigration";

	TaskerMigrationAutoConfiguration() {
	}

	@Bean(name = TASKER_MIGRATION, initMethod = "migrate")
	@TaskerDataSource
	DatabaseMigration taskerMigration(@TaskerDataSource DataSource dataSource, TaskerDatabaseProperties properties) {
		return new DatabaseMigration(MigrationSet.TASKER, dataSource, properties.effectiveMigration(), null);
	}

	// Runs as part of the start of messaging, which may put it off.
	@Bean
	@PgmqDataSource
	@DependsOn(TASKER_MIGRATION)
	@ConditionalOnPgmqDatabase
	DatabaseMigration pgmqMigration(DatabasePools pools, PgmqDatabaseProperties properties, InstalledPgmq installed) {
		return new DatabaseMigration(MigrationSet.PGMQ, pools.pgmq(), properties.effectiveMigration(),
				(connection, mode) -> {
					if (mode == MigrationMode.MIGRATE) {
						new PgmqInstaller(properties.install()).install(connection);
					}
					installed.refresh(PgmqRequirements.check(connection));
				});
	}

}
