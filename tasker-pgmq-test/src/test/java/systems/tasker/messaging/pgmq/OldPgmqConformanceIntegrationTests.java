/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;

import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.test.MessagingServiceConformanceTests;
import systems.tasker.test.OldPgmq;

/**
 * The contract holds on each supported version of PGMQ that differs from the one before.
 */
@ParameterizedClass
@EnumSource(names = { "V1_10_2", "V1_9", "V1_8", "V1_7", "V1_5_1" })
class OldPgmqConformanceIntegrationTests extends MessagingServiceConformanceTests {

	private static PooledDatabase queues;

	@Parameter
	OldPgmq version;

	@BeforeParameterizedClassInvocation
	static void createDatabase(OldPgmq version) {
		queues = PooledDatabase.with(version);
	}

	@AfterParameterizedClassInvocation
	static void closeDatabase() {
		queues.close();
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
