/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link MessageSerializer} that uses Jackson.
 */
public final class JacksonMessageSerializer implements MessageSerializer {

	private final JsonMapper mapper;

	/**
	 * Use a mapper of our own, which ignores unknown properties: a sender may be newer
	 * than its receivers.
	 */
	public JacksonMessageSerializer() {
		this(JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build());
	}

	/**
	 * Use the mapper of the application.
	 * @param mapper the mapper
	 */
	public JacksonMessageSerializer(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public String serialize(Object value) {
		String json = write(value);
		if (json.equals("null")) {
			throw new MessageSerializationException("The value is null or encoded as null, which no receiver can use",
					null);
		}
		return json;
	}

	private String write(Object value) {
		try {
			return this.mapper.writeValueAsString(value);
		}
		catch (JacksonException ex) {
			throw new MessageSerializationException("Cannot encode " + value.getClass().getName() + " as JSON", ex);
		}
	}

	@Override
	public <T> T deserialize(String json, Class<T> type) {
		T value = read(json, type);
		if (value == null) {
			throw new MessageSerializationException("The JSON is null, not " + type.getName(), null);
		}
		return value;
	}

	private <T> @Nullable T read(String json, Class<T> type) {
		try {
			return this.mapper.readValue(json, type);
		}
		catch (JacksonException ex) {
			throw new MessageSerializationException("Cannot decode the JSON as " + type.getName(), ex);
		}
	}

}
