/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import io.micrometer.observation.ObservationRegistry;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.MessageSerializer;

/**
 * How a {@link PgmqMessagingService} works.
 *
 * @param serializer encodes and decodes payloads and headers
 * @param maxMessageBytes the largest encoded payload to send, in bytes
 * @param guard stands before each statement, once
 * @param observationRegistry observes each call that is about messages
 */
public record PgmqMessagingSettings(MessageSerializer serializer, long maxMessageBytes, DatabaseGuard guard,
		ObservationRegistry observationRegistry) {

	/**
	 * Create settings without a guard and without observations.
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 */
	public PgmqMessagingSettings(MessageSerializer serializer, long maxMessageBytes) {
		this(serializer, maxMessageBytes, DatabaseGuard.NONE, ObservationRegistry.NOOP);
	}

	/**
	 * Return these settings with another guard.
	 * @param guard stands before each statement, once
	 * @return the new settings
	 */
	public PgmqMessagingSettings withGuard(DatabaseGuard guard) {
		return new PgmqMessagingSettings(this.serializer, this.maxMessageBytes, guard, this.observationRegistry);
	}

	/**
	 * Return these settings with another registry of observations.
	 * @param observationRegistry observes each call that is about messages
	 * @return the new settings
	 */
	public PgmqMessagingSettings withObservationRegistry(ObservationRegistry observationRegistry) {
		return new PgmqMessagingSettings(this.serializer, this.maxMessageBytes, this.guard, observationRegistry);
	}

}
