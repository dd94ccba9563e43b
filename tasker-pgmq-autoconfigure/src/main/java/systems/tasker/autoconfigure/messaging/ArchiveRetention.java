/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import systems.tasker.autoconfigure.messaging.DeclaredQueues.Queue;
import systems.tasker.messaging.pgmq.PgmqQueues;

/**
 * Deletes what has been in the archives of queues for longer than their retention.
 */
public final class ArchiveRetention {

	private static final int BATCH = 1000;

	/** For each queue and run, so that a long backlog does not become one long load. */
	private static final int MAX_BATCHES = 100;

	private final List<Queue> queues;

	private final Map<String, AtomicLong> deleted = new LinkedHashMap<>();

	ArchiveRetention(List<Queue> queues) {
		this.queues = queues;
		queues.forEach((queue) -> this.deleted.put(queue.name(), new AtomicLong()));
	}

	QueueWork work() {
		return new QueueWork("archive-retention", !this.queues.isEmpty(), this::clean, () -> {
		});
	}

	// One queue that fails does not keep the others from being cleaned.
	private void clean(PgmqQueues database) {
		RuntimeException failure = null;
		for (Queue queue : this.queues) {
			try {
				clean(queue, database);
			}
			catch (RuntimeException ex) {
				failure = firstOf(failure, ex);
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private static RuntimeException firstOf(@Nullable RuntimeException first, RuntimeException next) {
		return (first != null) ? first : next;
	}

	// Each batch is a transaction. Without one, or with a short one, there is no more to
	// do for us.
	private void clean(Queue queue, PgmqQueues database) {
		int batches = 0;
		OptionalInt count;
		do {
			count = database.deleteArchived(queue.name(), queue.archiveRetention(), BATCH);
			deletedCounter(queue.name()).addAndGet(count.orElse(0));
			batches++;
		}
		while (count.orElse(0) == BATCH && batches < MAX_BATCHES && !Thread.currentThread().isInterrupted());
	}

	/**
	 * Return the queues whose archives are not kept for ever.
	 * @return the names of the queues
	 */
	public Set<String> queues() {
		return this.deleted.keySet();
	}

	/**
	 * Return how many messages this application has deleted from an archive.
	 * @param queue one of {@link #queues()}
	 * @return the number since the application started
	 */
	public long deleted(String queue) {
		return deletedCounter(queue).get();
	}

	private AtomicLong deletedCounter(String queue) {
		AtomicLong counter = this.deleted.get(queue);
		if (counter == null) {
			throw new IllegalArgumentException("The archive of queue \"" + queue + "\" is kept for ever");
		}
		return counter;
	}

}
