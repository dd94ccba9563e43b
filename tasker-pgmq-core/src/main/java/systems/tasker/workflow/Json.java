/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.support.JsonbText;

/**
 * Turns values into the text of {@code jsonb} columns and back. The mapper of the
 * application encodes values of the application, and nothing else: what is stored around
 * them, and how it is read, must not depend on its settings.
 */
final class Json {

	private static final JsonMapper PLAIN = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private final ObjectWriter values;

	Json(JsonMapper mapper) {
		this.values = mapper.writer().without(SerializationFeature.WRAP_ROOT_VALUE);
	}

	// Encode a value of the application; null stays null.
	@Nullable String optional(String argument, @Nullable Object value) {
		return (value != null) ? write(argument, value) : null;
	}

	// Encode a value of the application, so that it can be read again.
	String write(String argument, Object value) {
		return checked(argument, () -> {
			String json = this.values.writeValueAsString(value);
			read(json);
			return json;
		});
	}

	// Encode a value of the application as what it is in JSON: maps, lists and so on.
	@Nullable Object tree(String argument, Map<String, ?> value) {
		return read(write(argument, value));
	}

	// Encode what is made of maps, lists, strings, numbers and booleans.
	static String plain(String argument, Object value) {
		return checked(argument, () -> PLAIN.writeValueAsString(value));
	}

	// Decode a text into maps, lists, strings, numbers and booleans. Numbers with a
	// fraction keep their digits.
	static @Nullable Object read(@Nullable String json) {
		return (json != null) ? PLAIN.readValue(json, Object.class) : null;
	}

	private static String checked(String argument, Supplier<String> encoding) {
		try {
			String json = encoding.get();
			JsonbText.checkedSize(json);
			return json;
		}
		catch (JacksonException | MessageSerializationException ex) {
			throw new IllegalArgumentException(argument + " cannot be stored as JSON: " + ex.getMessage(), ex);
		}
	}

}
