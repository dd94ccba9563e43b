/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CrossDatabaseSendsTests {

	/*
	 * Without a database to look at every send would pass.
	 */
	@Test
	void refusesNullByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> CrossDatabaseSends.refused(null))
			.withMessage("tasker must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> CrossDatabaseSends.warned(null))
			.withMessage("tasker must not be null");
	}

}
