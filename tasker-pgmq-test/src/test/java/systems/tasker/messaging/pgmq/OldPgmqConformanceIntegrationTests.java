/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.test.MessagingServiceConformanceTests;

/**
 * The contract holds on each supported version of PGMQ that differs for us.
 */
class OldPgmqConformanceIntegrationTests {

	@Nested
	class On1x9 extends MessagingServiceConformanceTests {

		@AutoClose
		private static final PooledDatabase queues = PooledDatabase.with(OldPgmq.V1_9);

		@Override
		protected MessagingService createMessagingService() {
			return queues.service();
		}

		@Override
		protected List<QueuedMessage<Object>> archived(String queue) {
			return queues.archived(queue);
		}

	}

	@Nested
	class On1x8 extends MessagingServiceConformanceTests {

		@AutoClose
		private static final PooledDatabase queues = PooledDatabase.with(OldPgmq.V1_8);

		@Override
		protected MessagingService createMessagingService() {
			return queues.service();
		}

		@Override
		protected List<QueuedMessage<Object>> archived(String queue) {
			return queues.archived(queue);
		}

	}

	@Nested
	class On1x7 extends MessagingServiceConformanceTests {

		@AutoClose
		private static final PooledDatabase queues = PooledDatabase.with(OldPgmq.V1_7);

		@Override
		protected MessagingService createMessagingService() {
			return queues.service();
		}

		@Override
		protected List<QueuedMessage<Object>> archived(String queue) {
			return queues.archived(queue);
		}

	}

	@Nested
	class On1x5 extends MessagingServiceConformanceTests {

		@AutoClose
		private static final PooledDatabase queues = PooledDatabase.with(OldPgmq.V1_5);

		@Override
		protected MessagingService createMessagingService() {
			return queues.service();
		}

		@Override
		protected List<QueuedMessage<Object>> archived(String queue) {
			return queues.archived(queue);
		}

	}

}
