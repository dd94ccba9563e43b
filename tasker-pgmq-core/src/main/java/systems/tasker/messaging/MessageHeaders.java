/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.Collections;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The headers of a received message: their JSON, and what was decoded from it or the
 * reason why there is none.
 */
public final class MessageHeaders {

	private static final MessageHeaders NONE = new MessageHeaders("{}", null);

	private final String json;

	/** Nothing when there are no headers. */
	@SuppressWarnings("rawtypes")
	private final @Nullable MessagePayload<Map> content;

	@SuppressWarnings("rawtypes")
	private MessageHeaders(String json, @Nullable MessagePayload<Map> content) {
		this.json = json;
		this.content = content;
	}

	/**
	 * Return the headers of a message that has none.
	 * @return no headers
	 */
	public static MessageHeaders none() {
		return NONE;
	}

	/**
	 * Decode headers. What that throws is kept for {@link #values()}, as
	 * {@link MessagePayload#decode} does: another client may have put anything there.
	 * @param json the JSON text; none, and {@code null} in JSON, are no headers
	 * @param serializer decodes the JSON
	 * @return the headers
	 */
	public static MessageHeaders decode(@Nullable String json, MessageSerializer serializer) {
		return (json == null || json.equals("null")) ? NONE
				: new MessageHeaders(json, MessagePayload.decode(json, Map.class, serializer));
	}

	/**
	 * Return the JSON text.
	 * @return the JSON text, that of an empty object when there are no headers
	 */
	public String json() {
		return this.json;
	}

	/**
	 * Return the headers. Who has the message takes {@link QueuedMessage#headers()},
	 * whose error names it.
	 * @return the headers by name, which cannot be modified
	 * @throws MessageSerializationException if the JSON could not be decoded
	 */
	public Map<String, @Nullable Object> values() {
		return values(() -> "the headers of the message");
	}

	@SuppressWarnings("unchecked")
	Map<String, @Nullable Object> values(Supplier<String> name) {
		return (this.content != null)
				? Collections.unmodifiableMap((Map<String, @Nullable Object>) this.content.value(name)) : Map.of();
	}

	@Override
	public String toString() {
		return "MessageHeaders[" + this.json.length() + " characters]";
	}

}
