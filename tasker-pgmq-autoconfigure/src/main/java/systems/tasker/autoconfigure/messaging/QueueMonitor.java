/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.messaging.pgmq.PgmqQueues;
import systems.tasker.messaging.pgmq.QueueFigures;
import systems.tasker.messaging.pgmq.SnapshotAge;

/**
 * The last figures of all queues. They are read in the background, so that nobody who
 * looks at them asks the database.
 */
public final class QueueMonitor {

	private static final Logger logger = LoggerFactory.getLogger(QueueMonitor.class);

	/** So many intervals, and a figure is no longer one of now. */
	private static final int FRESH_INTERVALS = 3;

	private final long freshNanos;

	private final List<Consumer<List<QueueFigures>>> listeners = new CopyOnWriteArrayList<>();

	// Those whose failure is in the log.
	private final Set<Consumer<List<QueueFigures>>> failing = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Reading last;

	QueueMonitor(Duration interval) {
		this.freshNanos = interval.multipliedBy(FRESH_INTERVALS).toNanos();
	}

	QueueWork work() {
		return new QueueWork("queue-figures", true, this::read, this::forget);
	}

	private void read(PgmqQueues queues) {
		Reading reading = new Reading(queues.figures(), queues.oldestSnapshot(), System.nanoTime());
		this.last = reading;
		this.listeners.forEach((listener) -> tell(listener, reading.queues()));
	}

	// The figures are known, and others want to be told of them, whatever one listener
	// does.
	private void tell(Consumer<List<QueueFigures>> listener, List<QueueFigures> queues) {
		try {
			listener.accept(queues);
			this.failing.remove(listener);
		}
		catch (Throwable ex) {
			if (this.failing.add(listener)) {
				logger.warn("A listener fails when it is told how the queues are", ex);
			}
		}
	}

	private void forget() {
		this.last = null;
	}

	/**
	 * Return how the queues are.
	 * @return the figures of all queues of the database; nothing when they are not known
	 */
	public Optional<List<QueueFigures>> queues() {
		return reading().map(Reading::queues);
	}

	/**
	 * Return for how long somebody has kept dead rows from being removed.
	 * @return how old the oldest snapshot is; nothing when that is not known
	 */
	public Optional<SnapshotAge> oldestSnapshot() {
		return reading().map(Reading::oldestSnapshot);
	}

	private Optional<Reading> reading() {
		return Optional.ofNullable(this.last)
			.filter((reading) -> System.nanoTime() - reading.takenAt() < this.freshNanos);
	}

	/**
	 * Have somebody told of figures.
	 * @param listener called with all figures each time they have been read, and now when
	 * they are known. Its failures are logged and go nowhere else
	 */
	public void addListener(Consumer<List<QueueFigures>> listener) {
		this.listeners.add(listener);
		queues().ifPresent((queues) -> tell(listener, queues));
	}

	private record Reading(List<QueueFigures> queues, SnapshotAge oldestSnapshot, long takenAt) {

	}

}
