/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.autoconfigure.database.ConditionalOnPgmqDatabase;
import systems.tasker.autoconfigure.database.DurationRange;
import systems.tasker.autoconfigure.database.PgmqDatabaseProperties;
import systems.tasker.autoconfigure.database.PgmqDatabaseProperties.OnFailure;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.TaskerMessagingProperties.CrossDatabase;
import systems.tasker.autoconfigure.migration.DatabaseMigration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.messaging.pgmq.PgmqMessagingService;
import systems.tasker.messaging.pgmq.PgmqMessagingSettings;
import systems.tasker.messaging.support.CrossDatabaseSends;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MessagingService}.
 */
@AutoConfiguration(after = { TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class })
@EnableConfigurationProperties(TaskerMessagingProperties.class)
public final class TaskerMessagingAutoConfiguration {

	TaskerMessagingAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	MessageSerializer taskerMessageSerializer(ObjectProvider<JsonMapper> jsonMapper) {
		JsonMapper mapper = jsonMapper.getIfUnique();
		return (mapper != null) ? new JacksonMessageSerializer(mapper) : new JacksonMessageSerializer();
	}

	@Bean
	@ConditionalOnPgmqDatabase
	PgmqStartup pgmqStartup(DatabasePools pools, TaskerMessagingProperties properties, PgmqDatabaseProperties database,
			ConfigurableEnvironment environment, @PgmqDataSource ObjectProvider<DatabaseMigration> migration) {
		return new PgmqStartup(migration.getIfAvailable(),
				new QueueCreation(DeclaredQueues.of(properties, environment), pools.pgmq()),
				pools.isPgmqSeparate() && database.migrationOnFailure() == OnFailure.DEFER);
	}

	@Bean
	@ConditionalOnMissingBean(MessagingService.class)
	@ConditionalOnPgmqDatabase
	PgmqMessagingService taskerMessagingService(DatabasePools pools, MessageSerializer serializer,
			TaskerMessagingProperties properties, PgmqStartup startup,
			@PgmqDataSource ObjectProvider<DatabaseGuard> guard, ObjectProvider<ObservationRegistry> observations) {
		DatabaseGuard breaker = guard.getIfAvailable(() -> DatabaseGuard.NONE);
		return new PgmqMessagingService(GuardedDataSource.unguarded(pools.pgmq()),
				new PgmqMessagingSettings(serializer, maxMessageSize(properties))
					.withGuard(new DeferralGuard(breaker, startup::deferral))
					.withObservationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP))
					.withNotifications(properties.pgmq().notifyMode(), notifyInterval(properties))
					.withCrossDatabaseSends(crossDatabaseSends(pools, properties)));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnPgmqDatabase(enabled = false)
	MessagingService taskerDisabledMessagingService() {
		return MessagingService.disabled("Messaging is switched off: tasker.pgmq-database.enabled is false");
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(MessagingService.class)
	MessageObservations taskerMessageObservations(MessagingService messagingService,
			ObjectProvider<ObservationRegistry> observations) {
		return new MessageObservations(observations.getIfUnique(() -> ObservationRegistry.NOOP),
				messagingService.providerName());
	}

	static long maxMessageSize(TaskerMessagingProperties properties) {
		if (properties.maxMessageSize().toBytes() <= 0) {
			throw new InvalidConfigurationPropertyValueException("tasker.messaging.max-message-size",
					properties.maxMessageSize(), "must be more than 0");
		}
		return properties.maxMessageSize().toBytes();
	}

	private static Duration notifyInterval(TaskerMessagingProperties properties) {
		return DurationRange.from("1ns")
			.to("1h")
			.check("tasker.messaging.pgmq.notify-interval", properties.pgmq().notifyInterval());
	}

	private static CrossDatabaseSends crossDatabaseSends(DatabasePools pools, TaskerMessagingProperties properties) {
		CrossDatabase choice = properties.crossDatabase();
		if (choice == CrossDatabase.OUTBOX) {
			throw new InvalidConfigurationPropertyValueException("tasker.messaging.cross-database", choice,
					"is not available yet; use warn or fail");
		}
		if (!pools.isPgmqSeparate()) {
			return CrossDatabaseSends.ignored();
		}
		return (choice == CrossDatabase.FAIL) ? CrossDatabaseSends.refused(pools.tasker())
				: CrossDatabaseSends.warned(pools.tasker());
	}

}
