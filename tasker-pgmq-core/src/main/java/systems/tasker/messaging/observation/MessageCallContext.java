/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

import io.micrometer.observation.Observation;

/**
 * The context of {@code tasker.messages.receive} and {@code tasker.messages.settle}.
 */
final class MessageCallContext extends Observation.Context implements MessageContext {

	private final MessageCall call;

	MessageCallContext(MessageCall call) {
		this.call = call;
	}

	@Override
	public MessageCall call() {
		return this.call;
	}

}
