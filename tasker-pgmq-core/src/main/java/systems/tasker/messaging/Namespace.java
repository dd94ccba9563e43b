/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

/**
 * A valid namespace: made of the same characters as a {@link QueueName}, and at most 29
 * of them, so that it can be a part of one.
 *
 * @param value the namespace
 */
public record Namespace(String value) {

	/** The largest number of characters. */
	public static final int MAX_LENGTH = 29;

	/**
	 * Check a namespace.
	 * @param value the namespace
	 * @throws InvalidQueueNameException if the namespace breaks the rule
	 */
	public Namespace {
		QueueName.check("namespace", value, MAX_LENGTH);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
