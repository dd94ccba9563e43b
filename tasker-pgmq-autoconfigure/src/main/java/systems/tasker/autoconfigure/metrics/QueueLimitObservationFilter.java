/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.messaging.observation.MessageContext;

/**
 * Bounds how many queues are told apart: a name made of data, such as that of a customer,
 * would else be a new set of meters each. The queues beyond the limit are counted
 * together, so that sums stay right.
 * <p>
 * This is no {@code MeterFilter}: one that denies loses counts, and for one that renames,
 * the registry keeps every name it has ever seen.
 */
final class QueueLimitObservationFilter implements ObservationFilter {

	static final int MAX_QUEUES = 500;

	static final String OTHER = "other";

	private static final Logger logger = LoggerFactory.getLogger(QueueLimitObservationFilter.class);

	private final Set<String> queues = ConcurrentHashMap.newKeySet();

	private volatile boolean full;

	@Override
	public Observation.Context map(Observation.Context context) {
		if (context instanceof MessageContext) {
			KeyValue queue = context.getLowCardinalityKeyValue("queue");
			if (queue != null && !isAdmitted(queue.getValue())) {
				context.addLowCardinalityKeyValue(KeyValue.of("queue", OTHER));
			}
		}
		return context;
	}

	private boolean isAdmitted(String queue) {
		return this.queues.contains(queue) || (!this.full && admit(queue));
	}

	private synchronized boolean admit(String queue) {
		if (this.queues.size() < MAX_QUEUES) {
			this.queues.add(queue);
			return true;
		}
		if (!this.full) {
			this.full = true;
			logger.warn("Meters tell {} queues apart; '{}' and all further ones have the tag queue={}", MAX_QUEUES,
					queue, OTHER);
		}
		return false;
	}

}
