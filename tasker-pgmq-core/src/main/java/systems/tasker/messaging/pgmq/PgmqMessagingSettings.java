/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;

import io.micrometer.observation.ObservationRegistry;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.support.CrossDatabaseSends;
import systems.tasker.messaging.support.MessagingArguments;

/**
 * How a {@link PgmqMessagingService} works.
 *
 * @param serializer encodes and decodes payloads and headers
 * @param maxMessageBytes the largest encoded payload to send, in bytes
 * @param guard stands before each statement, once
 * @param observationRegistry observes each call that is about messages
 * @param notifyMode how others hear that messages were sent
 * @param notifyInterval the least time between two coalesced notifications about a queue
 * @param crossDatabaseSends what to think of a send inside a transaction on another
 * database
 */
public record PgmqMessagingSettings(MessageSerializer serializer, long maxMessageBytes, DatabaseGuard guard,
		ObservationRegistry observationRegistry, NotifyMode notifyMode, Duration notifyInterval,
		CrossDatabaseSends crossDatabaseSends) {

	private static final Duration MAX_NOTIFY_INTERVAL = Duration.ofHours(1);

	/**
	 * Create settings.
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 * @param guard stands before each statement, once
	 * @param observationRegistry observes each call that is about messages
	 * @param notifyMode how others hear that messages were sent
	 * @param notifyInterval the least time between two coalesced notifications about a
	 * queue, more than zero and at most an hour
	 * @param crossDatabaseSends what to think of a send inside a transaction on another
	 * database
	 * @throws IllegalArgumentException if something is {@code null}, the size is below 1
	 * or the interval out of range
	 */
	public PgmqMessagingSettings {
		MessagingArguments.required("serializer", serializer);
		MessagingArguments.required("guard", guard);
		MessagingArguments.required("observationRegistry", observationRegistry);
		MessagingArguments.required("notifyMode", notifyMode);
		MessagingArguments.required("notifyInterval", notifyInterval);
		MessagingArguments.required("crossDatabaseSends", crossDatabaseSends);
		MessagingArguments.maxMessageBytes(maxMessageBytes);
		if (notifyInterval.isNegative() || notifyInterval.isZero()
				|| notifyInterval.compareTo(MAX_NOTIFY_INTERVAL) > 0) {
			throw new IllegalArgumentException("notifyInterval must be more than 0 and at most " + MAX_NOTIFY_INTERVAL
					+ ", but is " + notifyInterval);
		}
	}

	/**
	 * Create settings without a guard, observations and notifications.
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 */
	public PgmqMessagingSettings(MessageSerializer serializer, long maxMessageBytes) {
		this(serializer, maxMessageBytes, DatabaseGuard.NONE, ObservationRegistry.NOOP, NotifyMode.OFF,
				Duration.ofMillis(5), CrossDatabaseSends.ignored());
	}

	/**
	 * Return these settings with another guard.
	 * @param guard stands before each statement, once
	 * @return the new settings
	 */
	public PgmqMessagingSettings withGuard(DatabaseGuard guard) {
		return new PgmqMessagingSettings(this.serializer, this.maxMessageBytes, guard, this.observationRegistry,
				this.notifyMode, this.notifyInterval, this.crossDatabaseSends);
	}

	/**
	 * Return these settings with another registry of observations.
	 * @param observationRegistry observes each call that is about messages
	 * @return the new settings
	 */
	public PgmqMessagingSettings withObservationRegistry(ObservationRegistry observationRegistry) {
		return new PgmqMessagingSettings(this.serializer, this.maxMessageBytes, this.guard, observationRegistry,
				this.notifyMode, this.notifyInterval, this.crossDatabaseSends);
	}

	/**
	 * Return these settings with other notifications. With {@link NotifyMode#COALESCED
	 * coalesced} ones the service has a thread, and should be closed.
	 * @param mode how others hear that messages were sent
	 * @param interval the least time between two coalesced notifications about a queue,
	 * more than zero and at most an hour
	 * @return the new settings
	 * @throws IllegalArgumentException if something is {@code null} or the interval out
	 * of range
	 */
	public PgmqMessagingSettings withNotifications(NotifyMode mode, Duration interval) {
		return new PgmqMessagingSettings(this.serializer, this.maxMessageBytes, this.guard, this.observationRegistry,
				mode, interval, this.crossDatabaseSends);
	}

	/**
	 * Return these settings with another opinion on sends inside a transaction on another
	 * database.
	 * @param crossDatabaseSends what to think of them
	 * @return the new settings
	 */
	public PgmqMessagingSettings withCrossDatabaseSends(CrossDatabaseSends crossDatabaseSends) {
		return new PgmqMessagingSettings(this.serializer, this.maxMessageBytes, this.guard, this.observationRegistry,
				this.notifyMode, this.notifyInterval, crossDatabaseSends);
	}

}
