/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.time.Duration;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

import systems.tasker.messaging.observation.MessageCall;
import systems.tasker.messaging.observation.MessageContext;
import systems.tasker.messaging.observation.MessageProcessContext;

/**
 * Counts messages, and measures how long they waited. The tags come from the observation,
 * as those of the timers do that Boot makes of it: what a convention or a filter makes of
 * them holds here too.
 */
final class MessageMeterObservationHandler implements ObservationHandler<Observation.Context> {

	private final MeterRegistry meterRegistry;

	MessageMeterObservationHandler(MeterRegistry meterRegistry) {
		this.meterRegistry = meterRegistry;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof MessageContext;
	}

	@Override
	public void onStart(Observation.Context context) {
		if (context instanceof MessageProcessContext process) {
			// The two clocks are those of two machines.
			long waited = this.meterRegistry.config().clock().wallTime()
					- process.message().enqueuedAt().toEpochMilli();
			context.put(Wait.class, new Wait(Duration.ofMillis(Math.max(0, waited))));
		}
	}

	@Override
	public void onStop(Observation.Context context) {
		Tags tags = Tags.of("queue", value(context, "queue"), "provider", value(context, "provider"));
		Wait wait = context.get(Wait.class);
		if (wait != null) {
			Timer.builder("tasker.messages.wait")
				.description("Time from sending a message to the start of its handler")
				.tags(tags)
				.register(this.meterRegistry)
				.record(wait.duration());
			return;
		}
		MessageCall call = ((MessageContext) context).call();
		if (context.getError() != null) {
			count("failed", "Messages of calls that failed", tags, Math.max(1, call.messageCount()));
			return;
		}
		switch (call.operation()) {
			case SEND -> count("sent", "Messages sent", tags, call.messageCount());
			case RECEIVE -> count("received", "Messages received", tags, call.messageCount());
			case ACK -> count("acked", "Messages deleted because they are done", tags, call.messageCount());
			case NACK -> count("nacked", "Messages given back", tags, call.messageCount());
			case ARCHIVE -> count("archived", "Messages put aside", tags, call.messageCount());
			case EXTEND, PROCESS -> {
			}
		}
	}

	private void count(String name, String description, Tags tags, int messages) {
		Counter.builder("tasker.messages." + name)
			.description(description)
			.tags(tags)
			.register(this.meterRegistry)
			.increment(messages);
	}

	private static String value(Observation.Context context, String key) {
		KeyValue keyValue = context.getLowCardinalityKeyValue(key);
		return (keyValue != null) ? keyValue.getValue() : KeyValue.NONE_VALUE;
	}

	/**
	 * How long the message waited until its handler started.
	 *
	 * @param duration zero or more
	 */
	private record Wait(Duration duration) {

	}

}
