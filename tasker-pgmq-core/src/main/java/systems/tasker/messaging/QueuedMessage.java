/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param headers the headers, never {@code null}
 * @param content the payload as it was received and as it was decoded
 */
public record QueuedMessage<T>(String queue, MessageId id, ReceiptHandle handle, int receiveCount, Instant enqueuedAt,
		Instant visibleAt, Map<String, @Nullable Object> headers, MessagePayload<T> content) {

	/**
	 * Create a message with a copy of the headers.
	 * @param queue the name of the queue
	 * @param id the id of the message
	 * @param handle names this message when it is settled
	 * @param receiveCount how often the message was received, this time included
	 * @param enqueuedAt when the message was sent
	 * @param visibleAt when the message becomes visible again
	 * @param headers the headers
	 * @param content the payload
	 */
	public QueuedMessage {
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
	}

	/**
	 * Return the decoded payload.
	 * @return the payload
	 * @throws MessageSerializationException if the payload could not be decoded
	 */
	public T payload() {
		return this.content.value();
	}

	/**
	 * Return the payload as it was received.
	 * @return the JSON text
	 */
	public String rawPayload() {
		return this.content.json();
	}

}
