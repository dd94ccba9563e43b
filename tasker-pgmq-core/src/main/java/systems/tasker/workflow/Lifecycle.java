/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The limits for staleness in the configuration of a template. The database reads them
 * for each task that it looks at, so that one it cannot read would end each sweep.
 */
final class Lifecycle {

	private static final String LIFECYCLE = "lifecycle";

	private static final List<String> LIMITS = List.of("max_waiting_for_dependencies_minutes",
			"max_waiting_for_retry_minutes", "max_steps_in_process_minutes");

	private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?\\d+\\s*");

	private Lifecycle() {
	}

	static void check(Map<String, ?> configuration) {
		for (String limit : LIMITS) {
			Object minutes = StoredJson.at(configuration, LIFECYCLE, limit);
			if (minutes != null && !isInteger(minutes.toString())) {
				throw new IllegalArgumentException(
						"%s.%s must be an integer of 32 bits, but is \"%s\"".formatted(LIFECYCLE, limit, minutes));
			}
		}
	}

	// As the database reads it, be it a number or a text. What PostgreSQL 16 and later
	// also
	// take, as 0x1E and 1_440, is refused: nobody writes minutes so.
	private static boolean isInteger(String text) {
		return INTEGER.matcher(text).matches() && new BigInteger(text.strip()).bitLength() < Integer.SIZE;
	}

}
