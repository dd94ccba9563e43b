/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

import systems.tasker.autoconfigure.database.FailureText;
import systems.tasker.autoconfigure.migration.DatabaseMigration;
import systems.tasker.database.DatabaseAvailability;

/**
 * What must have happened in the PGMQ database before messages travel: it is migrated and
 * has its queues. Tried once when the context starts; a failure ends the start, or is
 * deferred and tried again in the background while messaging refuses calls.
 */
public final class PgmqStartup implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(PgmqStartup.class);

	private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

	/** What the database itself refuses is not likely to change soon. */
	private static final Duration LONGEST_RETRY_INTERVAL = Duration.ofSeconds(30);

	/** For a server to end a statement. */
	private static final Duration END_TIMEOUT = Duration.ofSeconds(1);

	private final @Nullable DatabaseMigration migration;

	private final QueueCreation queues;

	private final boolean deferrable;

	private final CountDownLatch closed = new CountDownLatch(1);

	private final Thread retries = new Thread(this::retry, "pgmq-startup");

	private volatile @Nullable String deferral;

	PgmqStartup(@Nullable DatabaseMigration migration, QueueCreation queues, boolean deferrable) {
		this.migration = migration;
		this.queues = queues;
		this.deferrable = deferrable;
		this.retries.setDaemon(true);
	}

	@Override
	public void afterPropertiesSet() {
		try {
			run();
		}
		catch (RuntimeException ex) {
			if (!this.deferrable) {
				throw ex;
			}
			defer(ex);
			this.retries.start();
		}
	}

	private void run() {
		if (this.migration != null) {
			this.migration.migrate();
		}
		this.queues.create();
	}

	private void retry() {
		try {
			Duration interval = RETRY_INTERVAL;
			while (!this.closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
				Throwable failure = attempt();
				if (failure == null) {
					this.deferral = null;
					logger.info("The PGMQ database is ready, messages can be sent");
					return;
				}
				if (this.closed.getCount() > 0) {
					defer(failure);
				}
				interval = DatabaseAvailability.isOutage(failure) ? RETRY_INTERVAL : longer(interval);
			}
		}
		catch (InterruptedException ex) {
			// The context is closed.
			Thread.currentThread().interrupt();
		}
	}

	// An error too must not end the attempts without a word.
	private @Nullable Throwable attempt() {
		try {
			run();
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	private static Duration longer(Duration interval) {
		Duration twice = interval.multipliedBy(2);
		return (twice.compareTo(LONGEST_RETRY_INTERVAL) < 0) ? twice : LONGEST_RETRY_INTERVAL;
	}

	// Says so once, and again when there is another reason.
	private void defer(Throwable failure) {
		String message = (failure instanceof Error) ? failure.toString() : String.valueOf(failure.getMessage());
		String reason = FailureText.withoutSecrets(message).replaceAll("\\s+", " ");
		if (!reason.equals(this.deferral)) {
			this.deferral = reason;
			logger
				.warn("The PGMQ database is not ready. The application runs without messaging, every send fails; this "
						+ "is tried again in the background until it succeeds. The reason: {}", reason);
		}
		logger.debug("The PGMQ database is not ready", failure);
	}

	/**
	 * Return whether the database is not ready yet, and is tried again in the background.
	 * @return why the last attempt failed, without secrets; nothing when all is done
	 */
	public Optional<String> deferral() {
		return Optional.ofNullable(this.deferral);
	}

	@Override
	public void destroy() throws InterruptedException {
		this.closed.countDown();
		this.retries.interrupt();
		long start = System.nanoTime();
		// A request to cancel may come too early, when the statement is not there yet.
		while (this.retries.isAlive() && System.nanoTime() - start < END_TIMEOUT.toNanos()) {
			cancel();
			this.retries.join(END_TIMEOUT.toMillis() / 10);
		}
		if (this.retries.isAlive()) {
			abort();
			this.retries.join(END_TIMEOUT.toMillis());
		}
	}

	private void cancel() {
		if (this.migration != null) {
			this.migration.cancel();
		}
		this.queues.cancel();
	}

	private void abort() {
		if (this.migration != null) {
			this.migration.abort();
		}
		this.queues.abort();
	}

}
