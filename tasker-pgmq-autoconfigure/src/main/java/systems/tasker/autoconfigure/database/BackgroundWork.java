/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import systems.tasker.database.DatabaseAvailability;
import systems.tasker.messaging.CircuitBreakerOpenException;
import systems.tasker.messaging.MessagingException;

/**
 * Does something with a database again and again while the application runs. It begins
 * when all else has started and ends first, within a bounded time. While calls are
 * refused it rests; why it fails is in the log once, and again when there is another
 * reason.
 */
public final class BackgroundWork implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(BackgroundWork.class);

	/** For a server to end a statement, and for a broken connection to be noticed. */
	private static final Duration END_TIMEOUT = Duration.ofSeconds(1);

	private final Work work;

	private final Duration delay;

	private final Duration interval;

	private final DataSource pool;

	private volatile @Nullable Run run;

	/**
	 * Create background work.
	 * @param work what to do
	 * @param delay the time from the start to the first run, zero for at once
	 * @param interval the time between two runs, more than zero
	 * @param pool the pool of the database
	 */
	public BackgroundWork(Work work, Duration delay, Duration interval, DataSource pool) {
		this.work = work;
		this.delay = delay;
		this.interval = interval;
		this.pool = pool;
	}

	@Override
	public void start() {
		if (this.work.needed()) {
			this.run = new Run();
		}
	}

	@Override
	public void stop() {
		Run current = this.run;
		this.run = null;
		if (current != null) {
			current.end();
		}
	}

	@Override
	public boolean isRunning() {
		return this.run != null;
	}

	/**
	 * What to do.
	 *
	 * @param database the database, for the name of the thread
	 * @param name the name, for the thread and logs
	 * @param needed whether there is anything to do
	 * @param once does it once, with connections that can be taken away
	 * @param missed called when that was refused or failed
	 */
	public record Work(String database, String name, boolean needed, Consumer<DataSource> once, Runnable missed) {

	}

	/**
	 * From one start to the next stop.
	 */
	private final class Run {

		private final AbortableDataSource dataSource = new AbortableDataSource(BackgroundWork.this.pool);

		// Only for the thread of the task.
		private @Nullable String failure;

		private volatile boolean ended;

		private final RepeatedTask task = new RepeatedTask(
				BackgroundWork.this.work.database() + "-" + BackgroundWork.this.work.name(), BackgroundWork.this.delay,
				BackgroundWork.this.interval, this::perform);

		private void perform() {
			try {
				BackgroundWork.this.work.once().accept(this.dataSource);
				if (this.failure != null) {
					this.failure = null;
					logger.info("Background work {} succeeds again", BackgroundWork.this.work.name());
				}
			}
			// An error too: what stays broken is no news each time.
			catch (Throwable ex) {
				BackgroundWork.this.work.missed().run();
				if (!isRefusal(ex)) {
					report(ex);
				}
			}
		}

		// A DataSource wraps it, and so does Spring.
		private static boolean isRefusal(Throwable failure) {
			Throwable cause = failure;
			while (cause != null && !(cause instanceof CircuitBreakerOpenException)) {
				cause = cause.getCause();
			}
			return cause != null;
		}

		private void report(Throwable ex) {
			String reason = reason(ex);
			if (!this.ended && !reason.equals(this.failure)) {
				this.failure = reason;
				logger.warn("Background work {} fails, and is tried again after {} each time. {}: {}",
						BackgroundWork.this.work.name(), BackgroundWork.this.interval, reason, FailureText.of(ex));
			}
			logger.debug("Background work {} failed", BackgroundWork.this.work.name(), ex);
		}

		// Without what the driver says, which may differ each time. An outage has as many
		// exceptions as there are places where it can be noticed.
		private static String reason(Throwable ex) {
			if (ex instanceof MessagingException) {
				return String.valueOf(ex.getMessage());
			}
			return DatabaseAvailability.isOutage(ex) ? "The database is not available" : ex.getClass().getSimpleName();
		}

		private void end() {
			this.ended = true;
			this.task.close();
			try {
				this.dataSource.cancel();
				if (!this.task.awaitEnd(END_TIMEOUT)) {
					this.dataSource.abort();
					this.task.awaitEnd(END_TIMEOUT);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
