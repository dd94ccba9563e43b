/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.test.MessagingServiceConformanceTests;

/**
 * PGMQ was installed as SQL, and no call is made in a transaction.
 */
class PgmqAsSqlConformanceIntegrationTests extends MessagingServiceConformanceTests {

	@AutoClose
	private static PooledDatabase queues;

	@BeforeAll
	static void createDatabase() {
		queues = PooledDatabase.withSql();
	}

	@Override
	protected MessagingService createMessagingService() {
		return queues.service();
	}

	@Override
	protected List<QueuedMessage<Object>> archived(String queue) {
		return queues.archived(queue);
	}

}
