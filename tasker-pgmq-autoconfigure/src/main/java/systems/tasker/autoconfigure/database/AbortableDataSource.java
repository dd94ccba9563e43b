/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import javax.sql.DataSource;

import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A DataSource whose connections another thread can end, also in the middle of a
 * statement: a thread that waits for a server does not notice an interrupt.
 */
public final class AbortableDataSource extends AbstractDataSource {

	private final DataSource target;

	// Connections are closed and forgotten by those who asked for them.
	private final Set<Connection> connections = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private volatile boolean ended;

	/**
	 * Create a DataSource.
	 * @param target the DataSource to take connections from
	 */
	public AbortableDataSource(DataSource target) {
		this.target = target;
	}

	/**
	 * Return what connections are taken from.
	 * @return the DataSource
	 */
	public DataSource target() {
		return this.target;
	}

	/**
	 * Ask the server to end the statements under way, and hand out no more connections.
	 * Who runs a statement sees it fail, and can roll back.
	 */
	public void cancel() {
		this.ended = true;
		forEach((connection) -> connection.unwrap(PGConnection.class).cancelQuery());
	}

	/**
	 * Break all connections, and hand out no more.
	 */
	public void abort() {
		this.ended = true;
		forEach((connection) -> connection.abort(Runnable::run));
	}

	private void forEach(ConnectionAction action) {
		for (Connection connection : this.connections.toArray(Connection[]::new)) {
			try {
				if (!connection.isClosed()) {
					action.apply(connection);
				}
			}
			catch (SQLException ex) {
				logger.debug("A connection cannot be ended", ex);
			}
		}
	}

	@Override
	public Connection getConnection() throws SQLException {
		return tracked(this.target.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return tracked(this.target.getConnection(username, password));
	}

	private Connection tracked(Connection connection) throws SQLException {
		this.connections.add(connection);
		// Asked after the line above: either this is seen here or the connection there.
		if (this.ended) {
			connection.close();
			throw new SQLException("The connections of this DataSource have been ended", "57P01");
		}
		return connection;
	}

	private interface ConnectionAction {

		void apply(Connection connection) throws SQLException;

	}

}
