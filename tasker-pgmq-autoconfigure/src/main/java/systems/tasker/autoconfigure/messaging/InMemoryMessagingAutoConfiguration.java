/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Clock;

import io.micrometer.observation.ObservationRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.ConfigurableEnvironment;

import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.inmemory.InMemoryMessagingService;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for messaging in memory. There is no
 * PGMQ database then.
 */
@AutoConfiguration(before = TaskerMessagingAutoConfiguration.class)
@Conditional(OnInMemoryProviderCondition.class)
@EnableConfigurationProperties(TaskerMessagingProperties.class)
public final class InMemoryMessagingAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(InMemoryMessagingAutoConfiguration.class);

	InMemoryMessagingAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(MessagingService.class)
	InMemoryMessagingService taskerInMemoryMessagingService(MessageSerializer serializer,
			TaskerMessagingProperties properties, ConfigurableEnvironment environment, ObjectProvider<Clock> clock,
			ObjectProvider<ObservationRegistry> observations) {
		logger.warn("Messages are kept in memory and end with this application; tasker.messaging.provider=in-memory "
				+ "is for tests and demos, not for production");
		InMemoryMessagingService messagingService = new InMemoryMessagingService(serializer,
				TaskerMessagingAutoConfiguration.maxMessageSize(properties), clock.getIfUnique(Clock::systemUTC),
				observations.getIfUnique(() -> ObservationRegistry.NOOP));
		messagingService.ensureQueues(DeclaredQueues.of(properties, environment).names());
		return messagingService;
	}

	@Bean
	@ConditionalOnBean(InMemoryMessagingService.class)
	QueueDepths taskerQueueDepths(InMemoryMessagingService messagingService) {
		return QueueDepths.of(messagingService);
	}

}
