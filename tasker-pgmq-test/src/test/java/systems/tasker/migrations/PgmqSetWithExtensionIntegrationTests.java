/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import systems.tasker.test.TaskerPostgres;

/**
 * PGMQ as an extension.
 */
class PgmqSetWithExtensionIntegrationTests extends PgmqSetIntegrationTests {

	PgmqSetWithExtensionIntegrationTests() {
		super(TaskerPostgres.shared().createDatabase());
	}

}
