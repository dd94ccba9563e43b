/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.support.JsonbText;

/**
 * Turns values into the text of {@code jsonb} columns and back.
 */
final class Json {

	private final JsonMapper mapper;

	Json(JsonMapper mapper) {
		this.mapper = mapper;
	}

	// Encode a value; null stays null.
	@Nullable String optional(String argument, @Nullable Object value) {
		return (value != null) ? write(argument, value) : null;
	}

	String write(String argument, Object value) {
		try {
			String json = this.mapper.writeValueAsString(value);
			JsonbText.checkedSize(json);
			return json;
		}
		catch (JacksonException | MessageSerializationException ex) {
			throw new IllegalArgumentException(argument + " cannot be stored as JSON: " + ex.getMessage(), ex);
		}
	}

	// Decode a text into maps, lists, strings, numbers and booleans.
	@Nullable Object read(@Nullable String json) {
		return (json != null) ? this.mapper.readValue(json, Object.class) : null;
	}

}
