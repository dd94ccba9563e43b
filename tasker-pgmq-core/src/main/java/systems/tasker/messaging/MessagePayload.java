/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The payload of a received message: its JSON, and the value decoded from it or the
 * reason why there is none.
 *
 * @param <T> the type of the value
 */
public final class MessagePayload<T> {

	private final String json;

	private final Class<?> type;

	private final @Nullable T value;

	private final @Nullable Throwable failure;

	private MessagePayload(String json, Class<?> type, @Nullable T value, @Nullable Throwable failure) {
		this.json = json;
		this.type = type;
		this.value = value;
		this.failure = failure;
	}

	/**
	 * Decode a payload. Whatever that throws, also an {@link Error} such as a class that
	 * is missing, is kept for {@link #value()}: a message that cannot be decoded must not
	 * keep the others of its batch from being delivered. Only when the virtual machine
	 * itself fails, as without memory, this fails too.
	 * @param <T> the type of the value
	 * @param json the JSON text
	 * @param type the type of the value
	 * @param serializer decodes the JSON
	 * @return the payload
	 */
	public static <T> MessagePayload<T> decode(String json, Class<T> type, MessageSerializer serializer) {
		try {
			return new MessagePayload<>(json, type, serializer.deserialize(json, type), null);
		}
		catch (Throwable ex) {
			if (ex instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
				throw error;
			}
			return new MessagePayload<>(json, type, null, ex);
		}
	}

	/**
	 * Return the JSON text.
	 * @return the JSON text
	 */
	public String json() {
		return this.json;
	}

	/**
	 * Return the decoded value.
	 * @return the value
	 * @throws MessageSerializationException if the JSON could not be decoded
	 */
	public T value() {
		return value(() -> "the payload of the message");
	}

	T value(Supplier<String> name) {
		if (this.value == null) {
			// A new one for each caller: exceptions are mutable and this is shared.
			throw new MessageSerializationException("Cannot decode " + name.get() + " as " + this.type.getName(),
					this.failure);
		}
		return this.value;
	}

	@Override
	public String toString() {
		return "MessagePayload[" + this.json.length() + " characters]";
	}

}
