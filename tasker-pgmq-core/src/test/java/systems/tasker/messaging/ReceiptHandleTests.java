/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ReceiptHandleTests {

	@Test
	void refusesNull() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ReceiptHandle(null))
			.withMessage("value must not be null");
	}

	@Test
	void readsAsItsValue() {
		assertThat(new ReceiptHandle("orders/7")).hasToString("orders/7");
	}

}
