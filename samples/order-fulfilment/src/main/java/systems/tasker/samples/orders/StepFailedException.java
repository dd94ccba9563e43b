/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.Serial;

/**
 * A step could not do its work.
 */
class StepFailedException extends Exception {

	@Serial
	private static final long serialVersionUID = 1L;

	/** Whether another attempt can help. */
	private final boolean retryable;

	StepFailedException(String message, boolean retryable) {
		super(message);
		this.retryable = retryable;
	}

	boolean isRetryable() {
		return this.retryable;
	}

}
