/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.List;
import java.util.Optional;

/**
 * How deep all queues are, or why that is not known. One of the two is empty.
 *
 * @param queues the queues in the order of their names; nothing, and not an empty list,
 * when they are not known
 * @param unknown why they are not known
 */
public record QueueDepthReport(Optional<List<QueueDepth>> queues, Optional<String> unknown) {

	static QueueDepthReport of(List<QueueDepth> queues) {
		return new QueueDepthReport(Optional.of(queues), Optional.empty());
	}

	/**
	 * Report that nothing is known.
	 * @param reason why, without secrets
	 * @return the report
	 */
	public static QueueDepthReport unknown(String reason) {
		return new QueueDepthReport(Optional.empty(), Optional.of(reason));
	}

}
