/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

/**
 * The id of a message, unique within its queue and ascending in the order of sending.
 *
 * @param value the number
 */
public record MessageId(long value) {

	@Override
	public String toString() {
		return Long.toString(this.value);
	}

}
