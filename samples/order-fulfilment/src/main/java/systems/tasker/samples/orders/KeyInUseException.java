/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.Serial;
import java.util.UUID;

/**
 * The idempotency key belongs to an order of something else.
 */
class KeyInUseException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	KeyInUseException(UUID order) {
		super("The Idempotency-Key belongs to another order, " + order);
	}

}
