/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a queue is, at a cost that does not grow with it. What is not known is empty, never
 * 0.
 *
 * @param queue the name of the queue
 * @param depth all messages; above 10,000 estimated from the statistics of the database
 * @param visible messages that are due
 * @param oldestAge how long the message that is due for longest has been due; zero when
 * none is
 * @param deadTuples rows that wait for a vacuum, as the statistics of the database say
 * @param error why there are no figures
 */
public record QueueFigures(String queue, OptionalLong depth, OptionalLong visible, Optional<Duration> oldestAge,
		OptionalLong deadTuples, Optional<String> error) {

}
