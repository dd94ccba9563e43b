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
 * @param provider what carries the messages
 * @param queues queues that are created at start when they are missing
 * @param maxMessageSize largest payload that is sent, as JSON in UTF-8
 */
@ConfigurationProperties("tasker.messaging")
public record TaskerMessagingProperties(@DefaultValue("pgmq") Provider provider, @DefaultValue List<String> queues,
		@DefaultValue("1MB") DataSize maxMessageSize) {

	/**
	 * What carries the messages.
	 */
	public enum Provider {

		/** The queues of the PGMQ database. */
		PGMQ

	}

}
