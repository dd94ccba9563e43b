/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import org.springframework.util.Assert;

/**
 * Names a received message to the provider that delivered it. What is inside is the
 * provider's business.
 *
 * @param value the opaque text
 */
public record ReceiptHandle(String value) {

	/**
	 * Create a handle.
	 * @param value the opaque text
	 * @throws IllegalArgumentException if the text is {@code null}
	 */
	public ReceiptHandle {
		Assert.notNull(value, "value must not be null");
	}

	@Override
	public String toString() {
		return this.value;
	}

}
