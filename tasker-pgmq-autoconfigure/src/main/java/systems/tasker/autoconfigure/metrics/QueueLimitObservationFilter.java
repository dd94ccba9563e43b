/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;

import systems.tasker.messaging.observation.MessageContext;

/**
 * Bounds how many queues are told apart in meters of messages. The queues beyond the
 * limit are counted together, so that sums stay right.
 * <p>
 * This is no {@code MeterFilter}: one that denies loses counts, and for one that renames,
 * the registry keeps every name it has ever seen.
 */
final class QueueLimitObservationFilter implements ObservationFilter {

	private final QueueLimit limit = new QueueLimit("Meters", QueueLimit.MAX_QUEUES);

	@Override
	public Observation.Context map(Observation.Context context) {
		if (context instanceof MessageContext) {
			KeyValue queue = context.getLowCardinalityKeyValue("queue");
			if (queue != null) {
				String tag = this.limit.tag(queue.getValue());
				if (!tag.equals(queue.getValue())) {
					context.addLowCardinalityKeyValue(KeyValue.of("queue", tag));
				}
			}
		}
		return context;
	}

}
