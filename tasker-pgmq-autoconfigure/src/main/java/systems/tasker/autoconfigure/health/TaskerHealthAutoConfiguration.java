/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.autoconfigure.database.ConditionalOnPgmqDatabase;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.health.TaskerHealthProperties.PgmqOutageStatus;
import systems.tasker.autoconfigure.messaging.PgmqStartup;
import systems.tasker.autoconfigure.messaging.QueueMonitor;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.autoconfigure.migration.DatabaseMigration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.database.TaskerDataSource;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.pgmq.PgmqCapabilities;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of the databases and
 * of messaging.
 */
@AutoConfiguration(before = HealthEndpointAutoConfiguration.class,
		after = { TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class,
				TaskerMessagingAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class })
@ConditionalOnClass(HealthEndpoint.class)
@ConditionalOnBean(DatabasePools.class)
@EnableConfigurationProperties(TaskerHealthProperties.class)
public final class TaskerHealthAutoConfiguration {

	private static final Status DEGRADED = new Status("DEGRADED");

	TaskerHealthAutoConfiguration() {
	}

	@Bean
	static DbHealthContributorPostProcessor taskerDbHealthContributorPostProcessor(
			ConfigurableListableBeanFactory beanFactory) {
		return new DbHealthContributorPostProcessor(beanFactory);
	}

	@Bean
	BoundedProbes taskerHealthProbes() {
		return new BoundedProbes();
	}

	@Bean
	@TaskerDataSource
	@ConditionalOnMissingBean(name = { "taskerDatabaseHealthIndicator", "taskerDatabaseHealthContributor" })
	@ConditionalOnEnabledHealthIndicator("taskerDatabase")
	DatabaseHealthIndicator taskerDatabaseHealthIndicator(DatabasePools pools, BoundedProbes probes,
			@TaskerDataSource ObjectProvider<DatabaseGuard> guard,
			@TaskerDataSource ObjectProvider<DatabaseMigration> migration) {
		return new DatabaseHealthIndicator(new DatabaseHealthIndicator.Settings("Tasker", mode(pools), Status.DOWN,
				guard(guard), () -> state(migration), Optional::empty, (connection, details) -> {
				}), pools.tasker(), probes);
	}

	@Bean
	@PgmqDataSource
	@ConditionalOnMissingBean(name = { "pgmqDatabaseHealthIndicator", "pgmqDatabaseHealthContributor" })
	@ConditionalOnEnabledHealthIndicator("pgmqDatabase")
	@ConditionalOnPgmqDatabase
	DatabaseHealthIndicator pgmqDatabaseHealthIndicator(DatabasePools pools, TaskerHealthProperties properties,
			BoundedProbes probes, @PgmqDataSource ObjectProvider<DatabaseGuard> guard,
			@PgmqDataSource ObjectProvider<DatabaseMigration> migration, ObjectProvider<PgmqStartup> startup) {
		return new DatabaseHealthIndicator(
				new DatabaseHealthIndicator.Settings("PGMQ", mode(pools), outage(properties), guard(guard),
						() -> state(migration), () -> deferral(startup), TaskerHealthAutoConfiguration::addPgmqVersion),
				pools.pgmq(), probes);
	}

	@Bean
	@ConditionalOnBean(MessagingService.class)
	@ConditionalOnMissingBean(name = { "messagingHealthIndicator", "messagingHealthContributor" })
	@ConditionalOnEnabledHealthIndicator("messaging")
	MessagingHealthIndicator messagingHealthIndicator(MessagingService messagingService, DatabasePools pools,
			TaskerHealthProperties properties, BoundedProbes probes, ObjectProvider<PgmqStartup> startup,
			ObjectProvider<QueueMonitor> monitor) {
		return new MessagingHealthIndicator(messagingService, () -> deferral(startup),
				pools.isPgmqEnabled() ? outage(properties) : new Status("DISABLED"),
				(health) -> addQueueDepth(monitor, health), probes);
	}

	// For people; how deep is too deep, only the application knows.
	private static void addQueueDepth(ObjectProvider<QueueMonitor> monitor, Health.Builder health) {
		monitor.ifAvailable(
				(figures) -> health.withDetail("queueDepthTier", QueueDepthTier.of(figures.queues()).toString()));
	}

	private static void addPgmqVersion(Connection connection, Map<String, Object> details) throws SQLException {
		PgmqCapabilities capabilities = PgmqCapabilities.probe(connection).orElse(null);
		details.put("pgmqVersion", (capabilities != null) ? capabilities.version() : "not installed");
		if (capabilities != null) {
			details.put("pgmqInstall", capabilities.installKind().name().toLowerCase(Locale.ROOT));
		}
	}

	private static DatabaseGuard guard(ObjectProvider<DatabaseGuard> guard) {
		return guard.getIfAvailable(() -> DatabaseGuard.NONE);
	}

	private static Status outage(TaskerHealthProperties properties) {
		return (properties.pgmqOutageStatus() == PgmqOutageStatus.DOWN) ? Status.DOWN : DEGRADED;
	}

	private static String mode(DatabasePools pools) {
		return pools.isPgmqSeparate() ? "split" : "single";
	}

	private static Optional<String> deferral(ObjectProvider<PgmqStartup> startup) {
		PgmqStartup bean = startup.getIfAvailable();
		return (bean != null) ? bean.deferral() : Optional.empty();
	}

	private static String state(ObjectProvider<DatabaseMigration> migration) {
		DatabaseMigration bean = migration.getIfAvailable();
		return (bean != null) ? bean.state() : "not checked";
	}

	/**
	 * How the states of all contributors make one, and which of them readiness looks at.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(HealthEndpointProperties.class)
	static class HealthEndpointConfiguration {

		// Boot knows no DEGRADED, and leaves out what it does not know.
		@Bean
		@ConditionalOnMissingBean
		StatusAggregator taskerHealthStatusAggregator(HealthEndpointProperties properties) {
			List<String> order = properties.getStatus().getOrder();
			return order.isEmpty()
					? StatusAggregator.of(Status.DOWN, Status.OUT_OF_SERVICE, DEGRADED, Status.UP, Status.UNKNOWN)
					: StatusAggregator.of(order);
		}

		@Bean
		@Conditional(OnMissingReadinessGroupCondition.class)
		HealthEndpointGroupsPostProcessor taskerReadinessGroupsPostProcessor(TaskerHealthProperties properties) {
			Set<String> members = new LinkedHashSet<>(Set.of("taskerDatabase"));
			if (properties.pgmqOutageStatus() == PgmqOutageStatus.DOWN) {
				members.add("pgmqDatabase");
			}
			return new ReadinessGroupsPostProcessor(members);
		}

	}

}
