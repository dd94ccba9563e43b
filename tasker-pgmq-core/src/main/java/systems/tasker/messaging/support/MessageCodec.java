/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.MessageHeaders;
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
	 * @param queue the name of the queue it is for, for errors
	 * @param payload the payload
	 * @return the JSON text
	 * @throws MessageSerializationException if the payload is {@code null}, in Java or in
	 * JSON, cannot be encoded, or contains what {@code jsonb} cannot hold
	 * @throws MessageTooLargeException if the JSON is above the limit
	 */
	public String encode(String queue, @Nullable Object payload) {
		return encodePayload("the payload for queue \"" + queue + '"', payload);
	}

	/**
	 * Encode payloads, all or none.
	 * @param queue the name of the queue they are for, for errors
	 * @param payloads the payloads
	 * @return the JSON texts, in the order of the payloads
	 * @throws IllegalArgumentException if the list is {@code null}
	 * @throws MessageSerializationException as for one payload
	 * @throws MessageTooLargeException as for one payload
	 */
	public List<String> encodeAll(String queue, List<?> payloads) {
		List<String> encoded = new ArrayList<>();
		for (Object payload : MessagingArguments.required("payloads", payloads)) {
			encoded
				.add(encodePayload("the payload at index " + encoded.size() + " for queue \"" + queue + '"', payload));
		}
		return encoded;
	}

	private String encodePayload(String name, @Nullable Object payload) {
		String json = serialize(name, payload, this.serializer::serialize);
		long size = checkedSize(name, json);
		if (size > this.maxMessageBytes) {
			throw new MessageTooLargeException(name, size, this.maxMessageBytes);
		}
		return json;
	}

	/**
	 * Encode headers.
	 * @param queue the name of the queue they are for, for errors
	 * @param headers the headers
	 * @return the JSON text of an object, or {@code null} when there are none
	 * @throws MessageSerializationException as for a payload, or if the JSON is no object
	 */
	public @Nullable String encodeHeaders(String queue, Map<String, @Nullable Object> headers) {
		if (headers.isEmpty()) {
			return null;
		}
		String name = "the headers for queue \"" + queue + '"';
		String json = serialize(name, headers, this.serializer::serializeHeaders);
		if (!json.strip().startsWith("{")) {
			throw new MessageSerializationException("Cannot send " + name + ": their JSON is no object", null);
		}
		checkedSize(name, json);
		return json;
	}

	private static <V> String serialize(String name, @Nullable V value, Function<V, String> serializer) {
		if (value == null) {
			throw new MessageSerializationException("Cannot send " + name + ": it is null", null);
		}
		String json;
		try {
			json = serializer.apply(value);
		}
		catch (MessageSerializationException ex) {
			throw refused(name, ex);
		}
		catch (MessagingException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new MessageSerializationException(
					"Cannot send " + name + ": Cannot encode " + value.getClass().getName() + " as JSON", ex);
		}
		// A serializer of the application may do what it must not.
		if (json == null || json.strip().equals("null")) {
			throw new MessageSerializationException("Cannot send " + name + ": null in JSON", null);
		}
		return json;
	}

	private static long checkedSize(String name, String json) {
		try {
			return JsonbText.checkedSize(json);
		}
		catch (MessageSerializationException ex) {
			throw refused(name, ex);
		}
	}

	private static MessageSerializationException refused(String name, MessageSerializationException ex) {
		return new MessageSerializationException("Cannot send " + name + ": " + ex.getMessage(), ex);
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
	 * Decode headers. Throws nothing but errors of the virtual machine.
	 * @param json the JSON text, if any
	 * @return the headers, or why they cannot be decoded
	 */
	public MessageHeaders decodeHeaders(@Nullable String json) {
		return MessageHeaders.decode(json, this.serializer);
	}

}
