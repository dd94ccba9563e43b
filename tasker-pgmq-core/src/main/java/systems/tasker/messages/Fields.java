/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Checks and copies the components of a record. Errors name the field as JSON does.
 */
final class Fields {

	private Fields() {
	}

	static void required(String field, @Nullable Object value) {
		if (value == null) {
			throw new IllegalArgumentException(field + " is required");
		}
	}

	static void text(String field, @Nullable String value) {
		required(field, value);
		if ("".equals(value)) {
			throw new IllegalArgumentException(field + " must not be empty");
		}
	}

	static void range(String field, long value, long min, long max) {
		if (value < min || value > max) {
			throw new IllegalArgumentException(
					"%s must be between %d and %d, but is %d".formatted(field, min, max, value));
		}
	}

	static List<String> texts(String field, @Nullable List<String> values) {
		return (values != null) ? Collections.unmodifiableList(new ArrayList<>(nonNull(field, values))) : List.of();
	}

	static Map<String, String> texts(String field, @Nullable Map<String, String> values) {
		if (values == null) {
			return Map.of();
		}
		nonNull(field, values.values());
		return Collections.unmodifiableMap(new LinkedHashMap<>(values));
	}

	static Map<String, @Nullable Object> map(@Nullable Map<String, ? extends @Nullable Object> values) {
		return (values != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(values)) : Map.of();
	}

	private static <C extends Collection<String>> C nonNull(String field, C values) {
		for (String value : values) {
			if (value == null) {
				throw new IllegalArgumentException(field + " must not contain null");
			}
		}
		return values;
	}

}
