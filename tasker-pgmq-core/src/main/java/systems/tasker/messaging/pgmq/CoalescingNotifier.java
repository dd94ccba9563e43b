/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingException;

/**
 * Announces messages after they were sent, on one thread, for all queues together, and
 * each queue at most once in an interval. The first message after a quiet time is
 * announced at once, what comes within the interval at its end.
 * <p>
 * What cannot be announced is tried again as long as that can help, with what was marked
 * meanwhile and after a pause, and else forgotten: whoever listens must look by himself
 * from time to time, and will find the messages then.
 */
final class CoalescingNotifier implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(CoalescingNotifier.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final long RETRY_PAUSE = Duration.ofSeconds(1).toNanos();

	private final PgmqDatabase database;

	private final long interval;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final MarkedMessages marked = new MarkedMessages();

	// By System.nanoTime(), and only those within the interval.
	private final Map<String, Long> lastNotified = new HashMap<>();

	private @Nullable Thread thread;

	private boolean closed;

	// By System.nanoTime(), while it is to be tried again.
	private @Nullable Long lastFailed;

	// Only for the thread.
	private boolean failing;

	CoalescingNotifier(PgmqDatabase database, Duration interval) {
		this.database = database;
		this.interval = interval.toNanos();
	}

	/**
	 * Mark committed messages. This waits for nothing and does not fail; after
	 * {@link #close()} it does nothing.
	 * @param messages the messages
	 */
	void mark(MarkedMessages messages) {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			if (this.thread == null || !this.thread.isAlive()) {
				this.thread = start();
			}
			if (this.marked.addAll(messages)) {
				this.changed.signal();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// Without what the sender, who merely came first, has in its inheritable variables.
	private Thread start() {
		Thread notifier = new Thread(null, this::run, "pgmq-notify", 0, false);
		notifier.setDaemon(true);
		notifier.start();
		return notifier;
	}

	private void run() {
		while (true) {
			try {
				MarkedMessages due = awaitDue();
				if (due.isEmpty()) {
					return;
				}
				announce(due);
			}
			catch (InterruptedException ex) {
				// By close(), when nothing is due any more, or by a stranger, who is no
				// reason to end.
				logger.debug("The thread that announces messages was interrupted");
			}
		}
	}

	/*
	 * Returns nothing once it is closed and all is announced.
	 */
	private MarkedMessages awaitDue() throws InterruptedException {
		this.lock.lock();
		try {
			while (true) {
				long now = System.nanoTime();
				this.lastNotified.values().removeIf((time) -> now - time >= this.interval);
				if (this.lastFailed != null && now - this.lastFailed >= RETRY_PAUSE) {
					this.lastFailed = null;
				}
				boolean paused = this.lastFailed != null;
				MarkedMessages due = this.marked
					.take((queue) -> this.closed || !paused && !this.lastNotified.containsKey(queue));
				if (this.closed || !due.isEmpty()) {
					due.queues().forEach((queue) -> this.lastNotified.put(queue, now));
					return due;
				}
				if (this.marked.isEmpty()) {
					this.changed.await();
				}
				else {
					this.changed.awaitNanos(untilNext(now));
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private long untilNext(long now) {
		if (this.lastFailed != null) {
			return RETRY_PAUSE - (now - this.lastFailed);
		}
		long shortest = this.interval;
		for (String queue : this.marked.queues()) {
			shortest = Math.min(shortest, this.interval - (now - this.lastNotified.getOrDefault(queue, now)));
		}
		return shortest;
	}

	private void announce(MarkedMessages due) {
		try {
			notify(due.batches());
			if (this.failing) {
				this.failing = false;
				logger.info("Messages are announced again");
			}
		}
		catch (Throwable ex) {
			// Also errors, such as a missing class: the thread must live, or nothing is
			// announced any more.
			if (!this.failing) {
				this.failing = true;
				logger.warn("Messages are sent but cannot be announced, those who wait for them find them later: {}",
						ex.toString());
			}
			logger.debug("Messages cannot be announced", ex);
			if (ex instanceof MessagingException failure && failure.isRetryable()) {
				putBack(due);
			}
		}
	}

	private void putBack(MarkedMessages due) {
		this.lock.lock();
		try {
			if (!this.closed) {
				due.addAll(this.marked.take((queue) -> true));
				this.marked.addAll(due);
				this.lastFailed = System.nanoTime();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/*
	 * Notifications do not outlive a crash anyway, so the commit need not wait for the
	 * disk. It holds a lock that senders of notifications in all databases of the server
	 * wait for. A queue that was dropped meanwhile must not silence the others.
	 */
	private void notify(List<MarkedMessages.Batch> batches) {
		String sql = """
				set local synchronous_commit = off;
				select tasker_pgmq.notify_message_ready(queue_name, msg_ids::bigint[], delay)
				from unnest(?::text[], ?::text[], ?::integer[]) as marked(queue_name, msg_ids, delay)
				where to_regclass('pgmq.q_' || queue_name) is not null""";
		String[] queues = batches.stream().map(MarkedMessages.Batch::queue).toArray(String[]::new);
		String[] ids = batches.stream().map((batch) -> array(batch.ids())).toArray(String[]::new);
		Integer[] delays = batches.stream().map(MarkedMessages.Batch::delay).toArray(Integer[]::new);
		this.database.queryInOwnTransaction(QueueOperation.NOTIFY, null, sql, (statement) -> {
			statement.setObject(1, queues);
			statement.setObject(2, ids);
			statement.setObject(3, delays);
		}, (row, index) -> index);
	}

	// Arrays of arrays would all have to be equally long.
	private static String array(List<MessageId> ids) {
		return ids.stream().map((id) -> Long.toString(id.value())).collect(Collectors.joining(",", "{", "}"));
	}

	/**
	 * Announce what is marked, without regard to the interval, but not for longer than
	 * two seconds.
	 */
	@Override
	public void close() {
		Thread notifier = end();
		if (notifier == null) {
			return;
		}
		try {
			notifier.join(CLOSE_TIMEOUT.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (notifier.isAlive()) {
			abandon();
			notifier.interrupt();
		}
	}

	// An interrupt may be lost on its way through a pool, and must not lead to more work.
	private void abandon() {
		this.lock.lock();
		try {
			this.marked.take((queue) -> true);
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Thread end() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signal();
			return this.thread;
		}
		finally {
			this.lock.unlock();
		}
	}

}
