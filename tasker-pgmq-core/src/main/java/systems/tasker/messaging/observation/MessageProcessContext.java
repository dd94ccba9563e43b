/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

import java.util.Map;

import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.QueuedMessage;

/**
 * The context of {@code tasker.messages.process}. Its carrier are the headers of the
 * message, so that a trace goes on that began where the message was sent.
 */
public final class MessageProcessContext extends ReceiverContext<Map<String, @Nullable Object>>
		implements MessageContext {

	private final MessageCall call;

	private final QueuedMessage<?> message;

	MessageProcessContext(MessageCall call, QueuedMessage<?> message) {
		// Another client may have put anything there.
		super((headers, name) -> (headers.get(name) instanceof String value) ? value : null);
		this.call = call;
		this.message = message;
		setCarrier(carrier(message));
		setRemoteServiceName(call.provider());
	}

	// The handler hears of headers that cannot be decoded if it asks for them.
	private static Map<String, @Nullable Object> carrier(QueuedMessage<?> message) {
		try {
			return message.headers();
		}
		catch (MessageSerializationException ex) {
			return Map.of();
		}
	}

	@Override
	public MessageCall call() {
		return this.call;
	}

	/**
	 * Return the message that is handled.
	 * @return the message
	 */
	public QueuedMessage<?> message() {
		return this.message;
	}

}
