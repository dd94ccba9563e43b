/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.autoconfigure.database.AbortableDataSource;
import systems.tasker.autoconfigure.database.FailureText;
import systems.tasker.autoconfigure.messaging.DeclaredQueues.Queue;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.pgmq.Autovacuum;
import systems.tasker.messaging.pgmq.PgmqQueues;

/**
 * Creates the queues that the configuration declares. It uses the pool, so that a success
 * says the pool works too, and goes past what stands before messaging, which waits for
 * it.
 */
final class QueueCreation {

	private static final Logger logger = LoggerFactory.getLogger(QueueCreation.class);

	private final DeclaredQueues declared;

	private final AbortableDataSource dataSource;

	private final PgmqQueues queues;

	QueueCreation(DeclaredQueues declared, DataSource pool) {
		this.declared = declared;
		this.dataSource = new AbortableDataSource(GuardedDataSource.unguarded(pool));
		this.queues = new PgmqQueues(this.dataSource, DatabaseGuard.NONE);
	}

	void create() {
		try {
			this.queues.ensure(this.declared.names(false), false);
			this.queues.ensure(this.declared.names(true), true);
		}
		catch (MessagingException ex) {
			throw new QueueCreationException(this.declared.names(), ex);
		}
		tune();
	}

	/*
	 * Messages travel without it, so it does not fail the start.
	 */
	private void tune() {
		if (this.declared.queues().isEmpty()) {
			return;
		}
		try {
			comparePersistence();
			this.declared.queues().forEach(this::setAutovacuum);
		}
		// Nobody should wait for it once more for each queue.
		catch (MessagingUnavailableException ex) {
			logger.warn("The PGMQ database has become unavailable before autovacuum of all declared queues was set; "
					+ "the next start sets it. The reason: {}", FailureText.of(ex));
		}
	}

	private void comparePersistence() {
		try {
			comparePersistence(this.queues.unlogged());
		}
		catch (MessagingUnavailableException ex) {
			throw ex;
		}
		catch (MessagingException ex) {
			logger.warn("It is not known which queues are unlogged: {}", FailureText.of(ex));
		}
	}

	// PGMQ has no function that changes it, and to rewrite the table would stop
	// messaging.
	private void comparePersistence(Set<String> unlogged) {
		for (Queue queue : this.declared.queues()) {
			if (queue.unlogged() && !unlogged.contains(queue.name())) {
				logger.warn(
						"Queue \"{}\" is unlogged by {}unlogged, but exists as a logged one and stays so. Drop it "
								+ "while it is empty to have it created anew, or remove the property",
						queue.name(), queue.property());
			}
			else if (!queue.unlogged() && unlogged.contains(queue.name())) {
				logger.warn("Queue \"{}\" is unlogged and will be empty after a crash of the database. Say {}unlogged="
						+ "true if that is intended", queue.name(), queue.property());
			}
		}
	}

	private void setAutovacuum(Queue queue) {
		Autovacuum autovacuum = queue.autovacuum();
		try {
			List<String> changed = this.queues.setAutovacuum(queue.name(), autovacuum, queue.hasRetention());
			if (!changed.isEmpty()) {
				logger.info("Autovacuum of {} is set as {}autovacuum says", changed, queue.property());
			}
		}
		catch (MessagingUnavailableException ex) {
			throw ex;
		}
		catch (MessagingException ex) {
			logger.warn("Autovacuum of queue \"{}\" cannot be set as {}autovacuum says; messages travel all the same. "
					+ "Have the owner of its tables run: select tasker_pgmq.set_autovacuum('{}', {}, {}, {}, {}). The "
					+ "reason: {}", queue.name(), queue.property(), queue.name(), autovacuum.scaleFactor(),
					autovacuum.threshold(), autovacuum.costDelayMillis(), queue.hasRetention(), FailureText.of(ex));
		}
	}

	void cancel() {
		this.dataSource.cancel();
	}

	void abort() {
		this.dataSource.abort();
	}

}
