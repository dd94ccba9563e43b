/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;

/**
 * PGMQ counts in whole seconds.
 */
final class WholeSeconds {

	private WholeSeconds() {
	}

	/**
	 * Round up: a message may be hidden longer than asked for but not shorter.
	 * @param argument the name of the argument, for the error
	 * @param duration the duration
	 * @return the number of seconds
	 */
	static int roundUp(String argument, Duration duration) {
		if (duration.isNegative() || duration.compareTo(Duration.ofSeconds(Integer.MAX_VALUE)) > 0) {
			throw new IllegalArgumentException(
					argument + " must be between 0 and " + Integer.MAX_VALUE + " seconds, but is " + duration);
		}
		return Math.toIntExact(duration.getSeconds() + ((duration.getNano() > 0) ? 1 : 0));
	}

}
