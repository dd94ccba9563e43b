/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.ArchiveRetention;
import systems.tasker.autoconfigure.messaging.QueueMonitor;
import systems.tasker.autoconfigure.messaging.TaskerQueueMaintenanceAutoConfiguration;
import systems.tasker.autoconfigure.workflow.DlqSweeper;
import systems.tasker.autoconfigure.workflow.TaskerDlqSweeperAutoConfiguration;
import systems.tasker.database.DatabasePools;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the metrics of messages, queues,
 * the DLQ and connection pools.
 */
@AutoConfiguration(
		after = { TaskerDatabaseAutoConfiguration.class, TaskerQueueMaintenanceAutoConfiguration.class,
				TaskerDlqSweeperAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({ MeterRegistry.class, HikariDataSource.class })
@ConditionalOnBean(MeterRegistry.class)
public final class TaskerMetricsAutoConfiguration {

	TaskerMetricsAutoConfiguration() {
	}

	@Bean
	MessageMeterObservationHandler taskerMessageMeterObservationHandler(MeterRegistry meterRegistry) {
		return new MessageMeterObservationHandler(meterRegistry);
	}

	@Bean
	QueueLimitObservationFilter taskerQueueLimitObservationFilter() {
		return new QueueLimitObservationFilter();
	}

	@Bean
	@ConditionalOnBean({ QueueMonitor.class, ArchiveRetention.class })
	QueueGauges taskerQueueGauges(QueueMonitor monitor, ArchiveRetention retention) {
		return new QueueGauges(monitor, retention, new QueueLimit("Gauges", QueueLimit.MAX_QUEUES));
	}

	@Bean
	@ConditionalOnBean(DlqSweeper.class)
	DlqMeters taskerDlqMeters(DlqSweeper sweeper) {
		return new DlqMeters(sweeper);
	}

	// Before Boot's, which leaves alone a pool that is measured already.
	@Bean
	@Order(0)
	SlowAcquireMeterBinder taskerSlowAcquireMeterBinder(ObjectProvider<DataSource> dataSources) {
		return new SlowAcquireMeterBinder(dataSources);
	}

	// In single mode two beans are one pool, and Boot would show its connections twice.
	@Bean
	static MeterFilter taskerSharedPoolMeterFilter(ObjectProvider<DatabasePools> pools) {
		return MeterFilter.deny((id) -> id.getName().startsWith("jdbc.connections.") && "pgmq".equals(id.getTag("name"))
				&& pools.stream().anyMatch((candidate) -> candidate.isPgmqEnabled() && !candidate.isPgmqSeparate()));
	}

}
