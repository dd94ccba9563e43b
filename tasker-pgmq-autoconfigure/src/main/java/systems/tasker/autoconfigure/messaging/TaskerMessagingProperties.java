/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of messaging.
 *
 * @param queues queues that are created at start when they are missing
 * @param maxMessageSize largest payload that is sent, as JSON in UTF-8
 */
@ConfigurationProperties("tasker.messaging")
public record TaskerMessagingProperties(@DefaultValue List<String> queues,
		@DefaultValue("1MB") DataSize maxMessageSize) {

}
