/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A message as it was received.
 *
 * @param <T> the type of the payload
 * @param queue the name of the queue
 * @param id the id of the message
 * @param handle names this message when it is settled
 * @param receiveCount how often the message was received, this time included
 * @param enqueuedAt when the message was sent
 * @param visibleAt when the message becomes visible again unless it is settled before
 * @param headerContent the headers as they were received and as they were decoded
 * @param content the payload as it was received and as it was decoded
 */
public record QueuedMessage<T>(String queue, MessageId id, ReceiptHandle handle, int receiveCount, Instant enqueuedAt,
		Instant visibleAt, MessageHeaders headerContent, MessagePayload<T> content) {

	/**
	 * Return the decoded payload.
	 * @return the payload
	 * @throws MessageSerializationException if the payload could not be decoded, naming
	 * the queue, the message and the type
	 */
	public T payload() {
		return this.content.value(() -> "the payload of " + name());
	}

	/**
	 * Return the payload as it was received.
	 * @return the JSON text
	 */
	public String rawPayload() {
		return this.content.json();
	}

	/**
	 * Return the decoded headers.
	 * @return the headers by name, which cannot be modified
	 * @throws MessageSerializationException if the headers could not be decoded, naming
	 * the queue and the message
	 */
	public Map<String, @Nullable Object> headers() {
		return this.headerContent.values(() -> "the headers of " + name());
	}

	/**
	 * Return the headers as they were received.
	 * @return the JSON text, that of an empty object when there are none
	 */
	public String rawHeaders() {
		return this.headerContent.json();
	}

	private String name() {
		return "message " + this.id + " of queue \"" + this.queue + '"';
	}

}
