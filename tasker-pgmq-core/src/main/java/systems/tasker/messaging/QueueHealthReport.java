/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of {@link MessagingService#verifyQueues}: each queue asked for is in one of
 * the three.
 *
 * @param healthy the queues that exist
 * @param missing the queues that do not exist
 * @param errors what is wrong with the other queues, by name
 */
public record QueueHealthReport(List<String> healthy, List<String> missing, Map<String, String> errors) {

	/**
	 * Create a report with copies of the collections.
	 * @param healthy the queues that exist
	 * @param missing the queues that do not exist
	 * @param errors what is wrong with the other queues, by name
	 */
	public QueueHealthReport {
		healthy = List.copyOf(healthy);
		missing = List.copyOf(missing);
		errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
	}

}
