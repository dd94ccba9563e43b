/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.List;

import javax.sql.DataSource;

import systems.tasker.autoconfigure.database.AbortableDataSource;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.QueueName;
import systems.tasker.messaging.pgmq.PgmqMessagingService;

/**
 * Creates the queues that the configuration names. It uses the pool, so that a success
 * says the pool works too, and goes past what stands before messaging, which waits for
 * it.
 */
final class QueueCreation {

	private final List<String> queues;

	private final AbortableDataSource dataSource;

	private final PgmqMessagingService messagingService;

	QueueCreation(List<String> queues, DataSource pool, MessageSerializer serializer) {
		this.queues = queues;
		this.dataSource = new AbortableDataSource(GuardedDataSource.unguarded(pool));
		this.messagingService = new PgmqMessagingService(this.dataSource, serializer, 1);
	}

	// No database makes a bad name good, so nobody should wait for one.
	void checkNames() {
		try {
			this.queues.forEach(QueueName::new);
		}
		catch (InvalidQueueNameException ex) {
			throw new QueueCreationException(this.queues, ex);
		}
	}

	void create() {
		try {
			this.messagingService.ensureQueues(this.queues);
		}
		catch (MessagingException ex) {
			throw new QueueCreationException(this.queues, ex);
		}
	}

	void cancel() {
		this.dataSource.cancel();
	}

	void abort() {
		this.dataSource.abort();
	}

}
