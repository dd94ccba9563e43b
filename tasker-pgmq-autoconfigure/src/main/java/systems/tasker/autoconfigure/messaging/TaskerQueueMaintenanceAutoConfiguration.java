/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

import systems.tasker.autoconfigure.database.BackgroundWork;
import systems.tasker.autoconfigure.database.ConditionalOnPgmqDatabase;
import systems.tasker.autoconfigure.database.DurationRange;
import systems.tasker.autoconfigure.database.UnpooledDataSource;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.messaging.pgmq.PgmqQueues;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what is done with queues in the
 * background.
 */
@AutoConfiguration(after = TaskerMessagingAutoConfiguration.class)
@ConditionalOnPgmqDatabase
@ConditionalOnBean(PgmqStartup.class)
public final class TaskerQueueMaintenanceAutoConfiguration {

	TaskerQueueMaintenanceAutoConfiguration() {
	}

	@Bean
	QueueMonitor taskerQueueMonitor(TaskerMessagingProperties properties) {
		return new QueueMonitor(checked("metrics-interval", properties.metricsInterval()));
	}

	@Bean
	BackgroundWork taskerQueueFigures(QueueMonitor monitor, TaskerMessagingProperties properties, DatabasePools pools,
			PgmqStartup startup, @PgmqDataSource ObjectProvider<DatabaseGuard> guard) {
		return work(monitor.work(), properties.metricsInterval(), pools, startup, new PausedGuard(breaker(guard)));
	}

	@Bean
	ArchiveRetention taskerArchiveRetention(TaskerMessagingProperties properties, ConfigurableEnvironment environment) {
		return new ArchiveRetention(DeclaredQueues.of(properties, environment).withRetention());
	}

	@Bean
	BackgroundWork taskerArchiveCleaning(ArchiveRetention retention, TaskerMessagingProperties properties,
			DatabasePools pools, PgmqStartup startup, @PgmqDataSource ObjectProvider<DatabaseGuard> guard) {
		return work(retention.work(), checked("maintenance-interval", properties.maintenanceInterval()), pools, startup,
				new PausedGuard(breaker(guard)));
	}

	// A question of its own and not the last figures: who asks wants to know now. It says
	// nothing to the breaker and does not depend on it, as the probes of health.
	@Bean
	QueueDepths taskerQueueDepths(DatabasePools pools, PgmqStartup startup) {
		return QueueDepths.of(new PgmqQueues(UnpooledDataSource.quick(pools.pgmq()),
				new DeferralGuard(DatabaseGuard.NONE, startup::deferral)));
	}

	private static BackgroundWork work(QueueWork work, Duration interval, DatabasePools pools, PgmqStartup startup,
			DatabaseGuard guard) {
		return new BackgroundWork(work.guardedBy(new DeferralGuard(guard, startup::deferral)), Duration.ZERO, interval,
				GuardedDataSource.unguarded(pools.pgmq()));
	}

	private static DatabaseGuard breaker(ObjectProvider<DatabaseGuard> guard) {
		return guard.getIfAvailable(() -> DatabaseGuard.NONE);
	}

	private static Duration checked(String property, Duration interval) {
		return DurationRange.from("1ms").check("tasker.messaging." + property, interval);
	}

}
