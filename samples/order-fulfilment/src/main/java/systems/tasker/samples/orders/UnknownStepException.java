/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.Serial;
import java.util.UUID;

/**
 * There is no such step, and never will be.
 */
class UnknownStepException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	UnknownStepException(UUID step) {
		super("There is no step " + step);
	}

}
