/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How deep a queue is. What is not known is empty, never 0.
 *
 * @param queue the name of the queue
 * @param depth all messages; in PGMQ above 10,000 estimated
 * @param visible messages that are due
 * @param error why there are no figures
 */
public record QueueDepth(String queue, OptionalLong depth, OptionalLong visible, Optional<String> error) {

}
