/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Turns payloads and headers into JSON and back. Headers are decoded as a map.
 */
public interface MessageSerializer {

	/**
	 * Encode a value.
	 * @param value the value
	 * @return the JSON text, not {@code null} in JSON either
	 * @throws MessageSerializationException if the value is {@code null} or cannot be
	 * encoded
	 */
	String serialize(Object value);

	/**
	 * Encode headers. Those that are {@code null} are headers too.
	 * @param headers the headers, never empty
	 * @return the JSON text of an object
	 * @throws MessageSerializationException if a header cannot be encoded
	 */
	default String serializeHeaders(Map<String, @Nullable Object> headers) {
		return serialize(headers);
	}

	/**
	 * Decode a value. The type is the receiver's choice and never taken from the JSON.
	 * @param <T> the type of the value
	 * @param json the JSON text
	 * @param type the type of the value
	 * @return the value
	 * @throws MessageSerializationException if the JSON cannot be decoded to the type
	 */
	<T> T deserialize(String json, Class<T> type);

}
