/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;

import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.TaskerMessages;
import systems.tasker.messaging.MessagingService;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link TaskerMessages}.
 */
@AutoConfiguration(after = TaskerMessagingAutoConfiguration.class)
@EnableConfigurationProperties(TaskerMessagingProperties.class)
public final class TaskerMessagesAutoConfiguration {

	TaskerMessagesAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	MessageRouter taskerMessageRouter(TaskerMessagingProperties properties) {
		try {
			return new MessageRouter(properties.queueNaming());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("tasker.messaging.routing", properties.routing(),
					ex.getMessage());
		}
	}

	@Bean
	@ConditionalOnBean(MessagingService.class)
	@ConditionalOnMissingBean
	TaskerMessages taskerMessages(MessagingService messaging, MessageRouter router) {
		return new TaskerMessages(messaging, router);
	}

}
