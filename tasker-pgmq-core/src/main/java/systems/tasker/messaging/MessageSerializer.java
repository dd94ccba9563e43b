/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

/**
 * Turns payloads and headers into JSON and back. Headers are encoded as a map.
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
	 * Decode a value. The type is the receiver's choice and never taken from the JSON.
	 * @param <T> the type of the value
	 * @param json the JSON text
	 * @param type the type of the value
	 * @return the value
	 * @throws MessageSerializationException if the JSON cannot be decoded to the type
	 */
	<T> T deserialize(String json, Class<T> type);

}
