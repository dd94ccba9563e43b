/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Figures of a queue. One that is unknown is empty and never zero.
 *
 * @param queue the name of the queue
 * @param length the number of messages in the queue; with PGMQ exact up to 10,000, and
 * beyond an estimate from the statistics of PostgreSQL, which is more than 10,000
 * @param visible the number of messages that can be received now; with PGMQ exact up to
 * 10,000, beyond it the length less those that are hidden, and empty when these are more
 * than 10,000 too
 * @param oldestAge the time in whole seconds since the oldest message was sent, which
 * with PGMQ is that with the lowest id; empty for an empty queue
 * @param newestAge the time in whole seconds since the newest message was sent, which
 * with PGMQ is that with the highest id; empty for an empty queue
 * @param totalSent the number of messages ever sent; with PGMQ those count too whose
 * transaction was rolled back
 */
public record QueueStats(String queue, OptionalLong length, OptionalLong visible, Optional<Duration> oldestAge,
		Optional<Duration> newestAge, OptionalLong totalSent) {

	/**
	 * Return the number of messages that are hidden: being handled, or delayed.
	 * @return the number, which is length minus visible
	 */
	public OptionalLong inFlight() {
		return (this.length.isPresent() && this.visible.isPresent())
				? OptionalLong.of(this.length.getAsLong() - this.visible.getAsLong()) : OptionalLong.empty();
	}

}
