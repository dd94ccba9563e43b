/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

/**
 * Names a received message to the provider that delivered it. What is inside is the
 * provider's business.
 *
 * @param value the opaque text
 */
public record ReceiptHandle(String value) {

	@Override
	public String toString() {
		return this.value;
	}

}
