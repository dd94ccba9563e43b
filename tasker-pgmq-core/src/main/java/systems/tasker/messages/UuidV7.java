/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.UUID;

/**
 * Makes UUIDs of version 7 (RFC 9562): the time in milliseconds, then random bits.
 */
final class UuidV7 {

	private UuidV7() {
	}

	static UUID create() {
		// Its lower half has the variant already, and 62 random bits.
		UUID random = UUID.randomUUID();
		long high = (System.currentTimeMillis() << 16) | 0x7000 | (random.getMostSignificantBits() & 0x0FFF);
		return new UUID(high, random.getLeastSignificantBits());
	}

}
