/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A valid queue name: a lower-case letter or underscore, then up to 46 lower-case
 * letters, digits or underscores. The only copy of that rule.
 *
 * @param value the name
 */
public record QueueName(String value) {

	private static final int MAX_LENGTH = 47;

	private static final Pattern VALID = Pattern.compile("[a-z_][a-z0-9_]{0," + (MAX_LENGTH - 1) + "}");

	/**
	 * Check a name.
	 * @param value the name
	 * @throws InvalidQueueNameException if the name breaks the rule
	 */
	public QueueName {
		if (!VALID.matcher(value).matches()) {
			throw new InvalidQueueNameException(value, reason(value));
		}
	}

	private static String reason(String value) {
		if (value.length() > MAX_LENGTH) {
			return "it has " + value.length() + " characters, at most " + MAX_LENGTH + " are allowed";
		}
		if (VALID.matcher(value.toLowerCase(Locale.ROOT)).matches()) {
			return "it contains upper case; PGMQ lower-cases the names of its tables, "
					+ "so two names that differ in case would be one queue";
		}
		return "a name starts with a lower-case letter or underscore "
				+ "and goes on with lower-case letters, digits and underscores";
	}

	@Override
	public String toString() {
		return this.value;
	}

}
