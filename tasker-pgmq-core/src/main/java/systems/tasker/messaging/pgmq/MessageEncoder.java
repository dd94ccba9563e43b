/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessageTooLargeException;

/**
 * Encodes payloads and headers, and refuses what the database would refuse.
 */
final class MessageEncoder {

	private final MessageSerializer serializer;

	private final long maxMessageBytes;

	MessageEncoder(MessageSerializer serializer, long maxMessageBytes) {
		this.serializer = serializer;
		this.maxMessageBytes = maxMessageBytes;
	}

	String payload(Object payload) {
		String json = this.serializer.serialize(payload);
		long size = JsonbText.checkedSize(json);
		if (size > this.maxMessageBytes) {
			throw new MessageTooLargeException(size, this.maxMessageBytes);
		}
		return json;
	}

	String[] payloads(List<?> payloads) {
		return payloads.stream().map(this::payload).toArray(String[]::new);
	}

	@Nullable String headers(Map<String, @Nullable Object> headers) {
		if (headers.isEmpty()) {
			return null;
		}
		String json = this.serializer.serialize(headers);
		JsonbText.checkedSize(json);
		return json;
	}

}
