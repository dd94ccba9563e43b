/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.messaging.MissingDatabaseFunctionException;

/**
 * Does with PGMQ's own function where ours is missing, because the migrations have not
 * run. The error of a call tells, and another one a minute later, so that no call asks
 * beforehand.
 */
final class PgmqFallback {

	private static final Logger logger = LoggerFactory.getLogger(PgmqFallback.class);

	/** Somebody else may run the migrations meanwhile. */
	private static final Duration DURATION = Duration.ofMinutes(1);

	private final String consequence;

	private final LongSupplier nanoTime;

	private volatile @Nullable Long since;

	/**
	 * Create a fallback.
	 * @param consequence what it means for the user, for the log
	 * @param nanoTime the time
	 */
	PgmqFallback(String consequence, LongSupplier nanoTime) {
		this.consequence = consequence;
		this.nanoTime = nanoTime;
	}

	<R> R call(Supplier<R> ours, Supplier<R> pgmqs) {
		Long since = this.since;
		if (since == null || this.nanoTime.getAsLong() - since >= DURATION.toNanos()) {
			try {
				R result = ours.get();
				this.since = null;
				return result;
			}
			catch (MissingDatabaseFunctionException ex) {
				fallBack(ex);
			}
		}
		return pgmqs.get();
	}

	private void fallBack(MissingDatabaseFunctionException ex) {
		if (this.since == null) {
			logger.warn("{}. {}", this.consequence, ex.getMessage());
		}
		this.since = this.nanoTime.getAsLong();
	}

}
