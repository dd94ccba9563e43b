/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Properties of one queue. A name alone stands for a queue with the defaults.
 *
 * @param name name of the queue
 * @param unlogged whether the queue is created unlogged: faster, and empty after a crash
 * of the database. A queue that exists stays as it is
 * @param archiveRetention how long messages stay in the archive of the queue, 1ms or
 * more; for ever when it is not set. A bare number is seconds
 * @param autovacuum how autovacuum treats the tables of the queue
 */
public record QueueProperties(String name, @DefaultValue("false") boolean unlogged,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration archiveRetention, @DefaultValue Autovacuum autovacuum) {

	/**
	 * Declare a queue with the defaults. Binding finds this method by its signature.
	 * @param name the name of the queue
	 * @return the queue
	 */
	public static QueueProperties of(String name) {
		return new QueueProperties(name.strip(), false, null, Autovacuum.DEFAULTS);
	}

	/**
	 * How autovacuum treats the tables of a queue.
	 *
	 * @param scaleFactor part of the rows that may be dead before it comes, 0 to 100
	 * @param threshold dead rows that it allows beyond that, 0 or more
	 * @param costDelay how long it pauses each time it has used up its cost limit, 0 to
	 * 100 ms. A bare number is milliseconds, as in PostgreSQL
	 */
	public record Autovacuum(@DefaultValue("0.01") double scaleFactor, @DefaultValue("50") int threshold,
			@DefaultValue("2ms") @DurationUnit(ChronoUnit.MILLIS) Duration costDelay) {

		static final Autovacuum DEFAULTS = new Autovacuum(0.01, 50, Duration.ofMillis(2));

	}

}
