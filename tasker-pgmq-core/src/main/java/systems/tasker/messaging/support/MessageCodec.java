/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.MessagePayload;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessageTooLargeException;
import systems.tasker.messaging.MessagingException;

/**
 * Turns payloads and headers into JSON and back for a provider. What no provider could
 * store or no receiver could use is refused before the provider sees it, and whatever a
 * {@link MessageSerializer} throws is a {@link MessageSerializationException}.
 */
public final class MessageCodec {

	private final MessageSerializer serializer;

	private final long maxMessageBytes;

	/**
	 * Create a codec.
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload, in bytes
	 */
	public MessageCodec(MessageSerializer serializer, long maxMessageBytes) {
		this.serializer = serializer;
		this.maxMessageBytes = maxMessageBytes;
	}

	/**
	 * Encode a payload.
	 * @param payload the payload
	 * @return the JSON text
	 * @throws MessageSerializationException if the payload is {@code null}, in Java or in
	 * JSON, cannot be encoded, or contains what {@code jsonb} cannot hold
	 * @throws MessageTooLargeException if the JSON is above the limit
	 */
	public String encode(@Nullable Object payload) {
		String json = serialize("payload", payload, this.serializer::serialize);
		long size = JsonbText.checkedSize(json);
		if (size > this.maxMessageBytes) {
			throw new MessageTooLargeException(size, this.maxMessageBytes);
		}
		return json;
	}

	/**
	 * Encode payloads, all or none.
	 * @param payloads the payloads
	 * @return the JSON texts, in the order of the payloads
	 * @throws IllegalArgumentException if the list is {@code null}
	 * @throws MessageSerializationException as for one payload
	 * @throws MessageTooLargeException as for one payload
	 */
	public List<String> encodeAll(List<?> payloads) {
		return MessagingArguments.required("payloads", payloads).stream().map(this::encode).toList();
	}

	/**
	 * Encode headers.
	 * @param headers the headers
	 * @return the JSON text, or {@code null} when there are none
	 * @throws MessageSerializationException as for a payload
	 */
	public @Nullable String encodeHeaders(Map<String, @Nullable Object> headers) {
		if (headers.isEmpty()) {
			return null;
		}
		String json = serialize("headers", headers, this.serializer::serializeHeaders);
		JsonbText.checkedSize(json);
		return json;
	}

	private static <V> String serialize(String what, @Nullable V value, Function<V, String> serializer) {
		if (value == null) {
			throw new MessageSerializationException("The " + what + " must not be null", null);
		}
		String json;
		try {
			json = serializer.apply(value);
		}
		catch (MessagingException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new MessageSerializationException("Cannot encode " + value.getClass().getName() + " as JSON", ex);
		}
		// A serializer of the application may do what it must not.
		if (json == null || json.strip().equals("null")) {
			throw new MessageSerializationException("The " + what + " must not be null in JSON", null);
		}
		return json;
	}

	/**
	 * Decode a payload. Throws nothing but errors of the virtual machine.
	 * @param <T> the type of the payload
	 * @param json the JSON text
	 * @param type the type of the payload
	 * @return the payload, or why it cannot be decoded
	 */
	public <T> MessagePayload<T> decode(String json, Class<T> type) {
		return MessagePayload.decode(json, type, this.serializer);
	}

	/**
	 * Decode headers. Another client may have put anything there; headers that are no
	 * object are none.
	 * @param json the JSON text, if any
	 * @return the headers
	 */
	@SuppressWarnings("unchecked")
	public Map<String, @Nullable Object> decodeHeaders(@Nullable String json) {
		if (json == null || !json.startsWith("{")) {
			return Map.of();
		}
		try {
			return decode(json, Map.class).value();
		}
		catch (MessageSerializationException ex) {
			return Map.of();
		}
	}

}
