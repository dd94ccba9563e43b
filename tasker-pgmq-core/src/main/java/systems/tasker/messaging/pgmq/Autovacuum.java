/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;

import systems.tasker.messaging.support.MessagingArguments;

/**
 * When autovacuum cleans the table of a queue, and how fast.
 *
 * @param scaleFactor the part of the rows that may be dead before it comes, 0 to 100
 * @param threshold the number of dead rows it allows beyond that, 0 or more
 * @param costDelay how long it pauses each time it has used up its cost limit, 0 to 100
 * ms
 */
public record Autovacuum(double scaleFactor, int threshold, Duration costDelay) {

	private static final Duration LONGEST_COST_DELAY = Duration.ofMillis(100);

	/**
	 * Check the parameters.
	 * @param scaleFactor the part of the rows that may be dead before it comes, 0 to 100
	 * @param threshold the number of dead rows it allows beyond that, 0 or more
	 * @param costDelay how long it pauses each time it has used up its cost limit, 0 to
	 * 100 ms
	 * @throws IllegalArgumentException if one of them is out of range, or the delay is
	 * {@code null}
	 */
	public Autovacuum {
		MessagingArguments.required("costDelay", costDelay);
		check(scaleFactor >= 0 && scaleFactor <= 100, "scaleFactor must be 0 to 100");
		check(threshold >= 0, "threshold must be 0 or more");
		check(!costDelay.isNegative() && costDelay.compareTo(LONGEST_COST_DELAY) <= 0, "costDelay must be 0 to 100 ms");
	}

	private static void check(boolean valid, String rule) {
		if (!valid) {
			throw new IllegalArgumentException(rule);
		}
	}

	/**
	 * Return the delay as PostgreSQL takes it.
	 * @return the delay in milliseconds
	 */
	public double costDelayMillis() {
		return this.costDelay.toNanos() / 1_000_000.0;
	}

}
