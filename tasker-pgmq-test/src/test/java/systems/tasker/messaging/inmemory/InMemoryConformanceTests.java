/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import java.util.List;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.test.MessagingServiceConformanceTests;

class InMemoryConformanceTests extends MessagingServiceConformanceTests {

	private final InMemoryMessagingService service = new InMemoryMessagingService();

	@Override
	protected MessagingService createMessagingService() {
		return this.service;
	}

	@Override
	protected List<QueuedMessage<Object>> archived(String queue) {
		return this.service.archived(queue, Object.class);
	}

}
