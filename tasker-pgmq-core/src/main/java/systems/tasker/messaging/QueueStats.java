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
 * @param length the number of messages in the queue
 * @param visible the number of messages that can be received now
 * @param oldestAge the time since the oldest message was sent, empty for an empty queue
 * @param newestAge the time since the newest message was sent, empty for an empty queue
 * @param totalSent the number of messages ever sent
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
