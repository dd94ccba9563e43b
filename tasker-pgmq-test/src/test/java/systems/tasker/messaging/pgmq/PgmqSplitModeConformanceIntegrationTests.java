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
 * Each call is made in a transaction on the Tasker database, which it cannot join.
 */
class PgmqSplitModeConformanceIntegrationTests extends MessagingServiceConformanceTests {

	@AutoClose
	private static PooledDatabase tasker;

	@AutoClose
	private static PooledDatabase queues;

	@BeforeAll
	static void createDatabases() {
		tasker = PooledDatabase.withExtension();
		queues = PooledDatabase.withExtension();
	}

	@Override
	protected MessagingService createMessagingService() {
		return queues.serviceInTransactionOn(tasker.dataSource());
	}

	@Override
	protected List<QueuedMessage<Object>> archived(String queue) {
		return queues.archived(queue);
	}

}
