/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

import java.util.Locale;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.QueueNotFoundException;

/**
 * How observations of messages are named and what they are keyed with, unless the
 * application has a convention of its own.
 * <p>
 * The queue is added at the end. Only then it is known whether there is one of that name,
 * and a wrong name must not become a value that is kept for ever.
 */
final class MessageObservationConvention implements ObservationConvention<Observation.Context> {

	private static final String UNKNOWN_QUEUE = "unknown";

	private final MessageOperation operation;

	MessageObservationConvention(MessageOperation operation) {
		this.operation = operation;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof MessageContext;
	}

	@Override
	public String getName() {
		return this.operation.observationName();
	}

	@Override
	public String getContextualName(Observation.Context context) {
		return name() + " " + ((MessageContext) context).call().queue();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(Observation.Context context) {
		MessageCall call = ((MessageContext) context).call();
		KeyValues keyValues = KeyValues.of("provider", call.provider());
		if (this.operation.isSettlement()) {
			keyValues = keyValues.and("operation", name());
		}
		if (call.isOver() || context.getError() != null) {
			keyValues = keyValues.and("queue", queue(call, context.getError()));
		}
		return keyValues;
	}

	private String queue(MessageCall call, @Nullable Throwable error) {
		// The error of a handler is about anything but the queue of its message.
		boolean wrong = this.operation != MessageOperation.PROCESS
				&& (error instanceof QueueNotFoundException || error instanceof InvalidQueueNameException);
		return wrong ? UNKNOWN_QUEUE : call.queue();
	}

	private String name() {
		return this.operation.name().toLowerCase(Locale.ROOT);
	}

}
