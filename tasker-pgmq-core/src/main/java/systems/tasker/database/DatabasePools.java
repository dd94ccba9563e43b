/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * The DataSource of each database, and whether they are one. The only place that knows
 * the mode: <em>single</em> when both databases share a pool, <em>split</em> when each
 * has its own.
 */
public final class DatabasePools {

	private final DataSource tasker;

	private final @Nullable DataSource pgmq;

	private DatabasePools(DataSource tasker, @Nullable DataSource pgmq) {
		this.tasker = tasker;
		this.pgmq = pgmq;
	}

	/**
	 * One pool for both databases.
	 * @param shared the pool
	 * @return pools in single mode
	 */
	public static DatabasePools single(DataSource shared) {
		return new DatabasePools(shared, shared);
	}

	/**
	 * A pool for each database.
	 * @param tasker the pool of the Tasker database
	 * @param pgmq the pool of the PGMQ database
	 * @return pools in split mode
	 */
	public static DatabasePools split(DataSource tasker, DataSource pgmq) {
		return new DatabasePools(tasker, pgmq);
	}

	/**
	 * A Tasker database without queues.
	 * @param tasker the pool of the Tasker database
	 * @return pools whose PGMQ side is switched off
	 */
	public static DatabasePools withoutPgmq(DataSource tasker) {
		return new DatabasePools(tasker, null);
	}

	/**
	 * Return the DataSource of the Tasker database.
	 * @return the DataSource
	 */
	public DataSource tasker() {
		return this.tasker;
	}

	/**
	 * Return the DataSource of the PGMQ database, in single mode the same object as
	 * {@link #tasker()}.
	 * @return the DataSource
	 * @throws IllegalStateException if the PGMQ database is switched off
	 */
	public DataSource pgmq() {
		if (this.pgmq == null) {
			throw new IllegalStateException(
					"The PGMQ database is switched off (tasker.pgmq-database.enabled=false, or another "
							+ "tasker.messaging.provider than pgmq), there is no pool for it");
		}
		return this.pgmq;
	}

	/**
	 * Return whether queues live in a database of their own.
	 * @return {@code true} in split mode
	 */
	public boolean isPgmqSeparate() {
		return this.pgmq != null && this.pgmq != this.tasker;
	}

	/**
	 * Return whether there is a PGMQ database at all.
	 * @return {@code false} when {@code tasker.pgmq-database.enabled} is {@code false},
	 * or something else than PGMQ carries the messages
	 */
	public boolean isPgmqEnabled() {
		return this.pgmq != null;
	}

	/**
	 * Return the DataSource that serves an operation.
	 * @param operation what the caller is about to do
	 * @return the DataSource of the database the operation belongs to
	 * @throws IllegalStateException if it belongs to a PGMQ database that is switched off
	 */
	public DataSource forOperation(DatabaseOperation operation) {
		return operation.isQueueOperation() ? pgmq() : tasker();
	}

	@Override
	public String toString() {
		return "DatabasePools[" + ((this.pgmq == null) ? "without PGMQ" : isPgmqSeparate() ? "split" : "single") + "]";
	}

}
