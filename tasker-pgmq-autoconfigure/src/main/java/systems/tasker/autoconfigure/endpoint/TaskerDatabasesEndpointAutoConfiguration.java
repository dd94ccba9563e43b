/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.autoconfigure.database.InstalledPgmq;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.database.UnpooledDataSource;
import systems.tasker.autoconfigure.endpoint.DatabaseDescriptor.Startup;
import systems.tasker.autoconfigure.endpoint.DatabaseDescriptor.Unreadable;
import systems.tasker.autoconfigure.messaging.PgmqStartup;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.autoconfigure.migration.DatabaseMigration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.autoconfigure.resilience.CircuitBreakersProperties;
import systems.tasker.autoconfigure.resilience.TaskerCircuitBreakerAutoConfiguration;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.database.TaskerDataSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@code taskerDatabases}
 * endpoint.
 */
@AutoConfiguration(after = { TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class,
		TaskerMessagingAutoConfiguration.class, TaskerCircuitBreakerAutoConfiguration.class })
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(DatabasePools.class)
public final class TaskerDatabasesEndpointAutoConfiguration {

	TaskerDatabasesEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	TaskerDatabasesEndpoint taskerDatabasesEndpoint(DatabasePools pools,
			ObjectProvider<CircuitBreakersProperties> breakers,
			@TaskerDataSource ObjectProvider<DatabaseGuard> taskerGuard,
			@TaskerDataSource ObjectProvider<DatabaseMigration> taskerMigration,
			@PgmqDataSource ObjectProvider<DatabaseGuard> pgmqGuard,
			@PgmqDataSource ObjectProvider<DatabaseMigration> pgmqMigration, ObjectProvider<PgmqStartup> startup,
			ObjectProvider<InstalledPgmq> installed) {
		CircuitBreakersProperties settings = breakers.getIfAvailable();
		BoundedProbes probes = new BoundedProbes();
		DatabaseReport tasker = new DatabaseReport(pools.tasker(), guard(taskerGuard),
				(settings != null) ? settings.tasker() : null, migrations(probes, "tasker", taskerMigration), null,
				() -> null);
		if (!pools.isPgmqEnabled()) {
			return new TaskerDatabasesEndpoint("single", tasker, null);
		}
		DatabaseReport pgmq = new DatabaseReport(pools.pgmq(), guard(pgmqGuard),
				(settings != null) ? settings.pgmq() : null, migrations(probes, "pgmq", pgmqMigration),
				capabilities(probes, pools.pgmq(), installed.getObject()), () -> startup(startup.getIfAvailable()));
		return new TaskerDatabasesEndpoint(pools.isPgmqSeparate() ? "split" : "single", tasker, pgmq);
	}

	private static DatabaseGuard guard(ObjectProvider<DatabaseGuard> guard) {
		return guard.getIfAvailable(() -> DatabaseGuard.NONE);
	}

	private static @Nullable Question migrations(BoundedProbes probes, String database,
			ObjectProvider<DatabaseMigration> migration) {
		DatabaseMigration bean = migration.getIfAvailable();
		return (bean != null) ? new Question(probes.create(database + "-migrations", bean::history)) : null;
	}

	private static Question capabilities(BoundedProbes probes, DataSource pool, InstalledPgmq installed) {
		DataSource database = UnpooledDataSource.quick(pool);
		return new Question(probes.create("pgmq-capabilities",
				() -> installed.find(database)
					.map(Object.class::cast)
					.orElseGet(() -> new Unreadable("PGMQ is not installed, or its schema cannot be seen"))));
	}

	private static @Nullable Startup startup(@Nullable PgmqStartup startup) {
		if (startup == null) {
			return null;
		}
		String reason = startup.deferral().orElse(null);
		return new Startup((reason != null) ? "deferred" : "complete", reason);
	}

}
