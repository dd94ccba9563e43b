/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * A valid queue name: a lower-case letter or underscore, then up to 46 lower-case
 * letters, digits or underscores. The only copy of that rule.
 *
 * @param value the name
 */
public record QueueName(String value) {

	private static final int MAX_LENGTH = 47;

	private static final Pattern VALID = Pattern.compile("[a-z_][a-z0-9_]*");

	private static final Pattern WORKER_QUEUE = Pattern.compile("worker_(.*)_queue");

	private static final Pattern DISPATCH_QUEUE = Pattern.compile("tasker_(?:dispatch|completion)_(.+)");

	private static final Pattern OTHER_QUEUE = Pattern.compile("(.+)_queue");

	/**
	 * Check a name.
	 * @param value the name
	 * @throws IllegalArgumentException if the name is {@code null}
	 * @throws InvalidQueueNameException if the name breaks the rule
	 */
	public QueueName {
		check("queue name", value, MAX_LENGTH);
	}

	/**
	 * Return the namespace that the name says it belongs to. Notifications carry it, so
	 * this is what {@code tasker_pgmq.extract_queue_namespace} returns for the name.
	 * @return the namespace, {@code default} when the name says nothing; longer than a
	 * {@link Namespace} may be when the name is
	 */
	public String namespace() {
		if (this.value.startsWith("orchestration")) {
			return "orchestration";
		}
		Matcher worker = WORKER_QUEUE.matcher(this.value);
		if (worker.matches()) {
			return worker.group(1).isEmpty() ? "worker" : worker.group(1);
		}
		for (Pattern form : List.of(DISPATCH_QUEUE, OTHER_QUEUE)) {
			Matcher matcher = form.matcher(this.value);
			if (matcher.matches()) {
				return matcher.group(1);
			}
		}
		return "default";
	}

	static void check(String what, String value, int maxLength) {
		Assert.notNull(value, () -> what + " must not be null");
		if (value.length() > maxLength || !VALID.matcher(value).matches()) {
			throw new InvalidQueueNameException(what, value, reason(value, maxLength));
		}
	}

	private static String reason(String value, int maxLength) {
		if (value.length() > maxLength) {
			return "it has " + value.length() + " characters, at most " + maxLength + " are allowed";
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
