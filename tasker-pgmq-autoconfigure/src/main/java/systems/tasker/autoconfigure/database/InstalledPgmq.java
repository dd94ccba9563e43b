/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.pgmq.PgmqCapabilities;

/**
 * What PGMQ is in the PGMQ database, as its migration has found it, or else as whoever
 * asked first did. A database without PGMQ is asked again.
 */
public final class InstalledPgmq {

	private final AtomicReference<@Nullable PgmqCapabilities> known = new AtomicReference<>();

	InstalledPgmq() {
	}

	/**
	 * Take note of what the migration has found, in place of what was known before.
	 * @param found what PGMQ is there
	 */
	public void refresh(PgmqCapabilities found) {
		this.known.set(found);
	}

	/**
	 * Return what is known, and look when nothing is.
	 * @param connection a connection to the database, which stays open
	 * @return what PGMQ is there, or nothing when there is none
	 * @throws SQLException if the database cannot be asked
	 */
	public Optional<PgmqCapabilities> find(Connection connection) throws SQLException {
		PgmqCapabilities found = this.known.get();
		return (found != null) ? Optional.of(found) : PgmqCapabilities.probe(connection).map(this::firstFound);
	}

	/**
	 * Return what is known, and look when nothing is.
	 * @param database the database, which is connected to only when nothing is known
	 * @return what PGMQ is there, or nothing when there is none
	 * @throws SQLException if the database cannot be asked
	 */
	public Optional<PgmqCapabilities> find(DataSource database) throws SQLException {
		PgmqCapabilities found = this.known.get();
		return (found != null) ? Optional.of(found) : PgmqCapabilities.probe(database).map(this::firstFound);
	}

	// The migration may have been faster, and knows better.
	private PgmqCapabilities firstFound(PgmqCapabilities found) {
		PgmqCapabilities before = this.known.compareAndExchange(null, found);
		return (before != null) ? before : found;
	}

}
