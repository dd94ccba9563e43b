/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Checks arguments before the database does, whose errors do not name them and would
 * abort the transaction of the caller.
 */
final class Arguments {

	private Arguments() {
	}

	static <T> T required(String argument, @Nullable T value) {
		if (value == null) {
			throw new IllegalArgumentException(argument + " must not be null");
		}
		return value;
	}

	static <T> Collection<T> each(String argument, Collection<T> values) {
		for (T value : required(argument, values)) {
			required("an element of " + argument, value);
		}
		return values;
	}

	static String text(String argument, String value, int maxLength) {
		if (required(argument, value).isBlank()) {
			throw new IllegalArgumentException(argument + " must not be blank");
		}
		return storable(argument, value, maxLength);
	}

	static @Nullable String optionalText(String argument, @Nullable String value, int maxLength) {
		return (value != null) ? storable(argument, value, maxLength) : null;
	}

	static int notNegative(String argument, int value) {
		if (value < 0) {
			throw new IllegalArgumentException("%s must not be negative, but is %d".formatted(argument, value));
		}
		return value;
	}

	// PostgreSQL counts code points, and has no U+0000 in texts.
	private static String storable(String argument, String value, int maxLength) {
		int length = value.codePointCount(0, value.length());
		if (length > maxLength) {
			throw new IllegalArgumentException(
					"%s must have at most %d characters, but has %d".formatted(argument, maxLength, length));
		}
		if (value.indexOf('\0') >= 0) {
			throw new IllegalArgumentException(argument + " must not contain the character U+0000");
		}
		// The driver would send half of a pair as a question mark.
		if (value.codePoints().anyMatch((c) -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
			throw new IllegalArgumentException(argument + " must not contain half of a surrogate pair");
		}
		return value;
	}

}
