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
 * Each call is made in a transaction on the one database, which it joins.
 */
class PgmqSingleModeConformanceIntegrationTests extends MessagingServiceConformanceTests {

	@AutoClose
	private static PooledDatabase queues;

	@BeforeAll
	static void createDatabase() {
		queues = PooledDatabase.withExtension();
	}

	@Override
	protected MessagingService createMessagingService() {
		return queues.serviceInTransactionOn(queues.dataSource());
	}

	@Override
	protected List<QueuedMessage<Object>> archived(String queue) {
		return queues.archived(queue);
	}

}
