/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import systems.tasker.database.CallersTransaction;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.support.MessagingArguments;

/**
 * Runs SQL, either as part of the caller's transaction or in a transaction of its own,
 * and translates what goes wrong.
 * <p>
 * Own connections come from the DataSource itself and not from Spring, for Spring would
 * answer with the connection of the caller's transaction. Nor would a transaction manager
 * with REQUIRES_NEW do: one for JDBC does not know how to suspend what JPA has bound to
 * the same DataSource.
 */
final class PgmqDatabase {

	private final DataSource dataSource;

	private final DatabaseGuard guard;

	private final CallersTransaction callersTransaction;

	private final JdbcTemplate callersConnection;

	PgmqDatabase(DataSource dataSource, DatabaseGuard guard) {
		this.guard = MessagingArguments.required("guard", guard);
		this.dataSource = CallersTransaction.bound(MessagingArguments.required("pgmq", dataSource));
		this.callersTransaction = new CallersTransaction(this.dataSource);
		this.callersConnection = new JdbcTemplate(this.dataSource);
	}

	/**
	 * Return whether the next {@link #query} is part of a transaction of the caller.
	 * @return {@code true} when there is one on the connection bound to the thread
	 */
	boolean joinsCaller() {
		return this.callersTransaction.isJoinable();
	}

	/**
	 * Return whether Spring tells, after the transaction of the caller, how it has ended.
	 * With transactions on several connections that is known of one of them only, and not
	 * of which.
	 * @return {@code true} when a synchronization hears of the commit
	 */
	boolean hearsCallersCommit() {
		return TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive()
				&& CallersTransaction.boundConnections() == 1;
	}

	/**
	 * Run a statement in the transaction of the caller, or else by itself. It is
	 * committed then, even if connections come with autocommit off, where Spring would
	 * leave that to a transaction manager and the statement would be lost.
	 * @param <R> the type of a row
	 * @param operation what this is, for errors
	 * @param queue the name of the queue it is about, for errors
	 * @param sql the statement
	 * @param parameters sets the parameters
	 * @param mapper maps a row
	 * @return the rows
	 */
	<R> List<R> query(QueueOperation operation, String queue, String sql, PreparedStatementSetter parameters,
			RowMapper<R> mapper) {
		return query(joinsCaller(), operation, queue, sql, parameters, mapper);
	}

	/**
	 * Run a statement likewise, for one who has asked {@link #joinsCaller} just before.
	 * @param <R> the type of a row
	 * @param joined what the answer was
	 * @param operation what this is, for errors
	 * @param queue the name of the queue it is about, for errors
	 * @param sql the statement
	 * @param parameters sets the parameters
	 * @param mapper maps a row
	 * @return the rows
	 */
	<R> List<R> query(boolean joined, QueueOperation operation, String queue, String sql,
			PreparedStatementSetter parameters, RowMapper<R> mapper) {
		return this.guard.call(() -> queryUnguarded(joined, operation, queue, sql, parameters, mapper));
	}

	private <R> List<R> queryUnguarded(boolean joined, QueueOperation operation, String queue, String sql,
			PreparedStatementSetter parameters, RowMapper<R> mapper) {
		if (!joined) {
			return withConnection(operation, queue,
					(connection) -> connection.getAutoCommit() ? execute(connection, sql, parameters, mapper)
							: executeAndCommit(connection, sql, parameters, mapper));
		}
		try {
			return this.callersConnection.query(sql, parameters, mapper);
		}
		catch (DataAccessException | TransactionException ex) {
			throw PgmqExceptionTranslator.translate(operation, queue, ex);
		}
	}

	/**
	 * Run one or more statements, separated by semicolons, in a READ COMMITTED
	 * transaction of their own, however the DataSource sets up its connections.
	 * @param <R> the type of a row
	 * @param operation what this is, for errors
	 * @param queue the name of the queue it is about, for errors
	 * @param sql the statements
	 * @param parameters sets the parameters of all statements
	 * @param mapper maps a row of the last query
	 * @return the rows of the last query
	 */
	<R> List<R> queryInOwnTransaction(QueueOperation operation, @Nullable String queue, String sql,
			PreparedStatementSetter parameters, RowMapper<R> mapper) {
		// One round trip: the driver sends its own BEGIN and all this together, and its
		// commit() finds nothing left to do. To ask the connection for its isolation
		// level would be a round trip too, and the answer might be outdated.
		String script = "set transaction isolation level read committed;\n" + sql + ";\ncommit";
		return this.guard.call(() -> withConnection(operation, queue,
				(connection) -> executeAndCommit(connection, script, parameters, mapper)));
	}

	/**
	 * Ask for an answer, whatever it is. This is a question about the database, not a use
	 * of it, so it goes past the guard and does not count there.
	 */
	void ping() {
		withConnection(QueueOperation.INSPECT, null, (connection) -> execute(connection, "select 1", (statement) -> {
		}, (row, index) -> row.getInt(1)));
	}

	private <R> List<R> withConnection(QueueOperation operation, @Nullable String queue, ConnectionWork<R> work) {
		try (Connection connection = connect()) {
			return work.apply(connection);
		}
		catch (SQLException | CannotGetJdbcConnectionException ex) {
			throw PgmqExceptionTranslator.translate(operation, queue, ex);
		}
	}

	private Connection connect() {
		try {
			return this.dataSource.getConnection();
		}
		catch (SQLException ex) {
			throw new CannotGetJdbcConnectionException("Cannot obtain a connection", ex);
		}
	}

	private static <R> List<R> executeAndCommit(Connection connection, String sql, PreparedStatementSetter parameters,
			RowMapper<R> mapper) throws SQLException {
		boolean autoCommit = connection.getAutoCommit();
		connection.setAutoCommit(false);
		try {
			List<R> rows = execute(connection, sql, parameters, mapper);
			connection.commit();
			connection.setAutoCommit(autoCommit);
			return rows;
		}
		catch (SQLException | RuntimeException ex) {
			rollback(connection, autoCommit, ex);
			throw ex;
		}
	}

	private static void rollback(Connection connection, boolean autoCommit, Exception ex) {
		try {
			connection.rollback();
			connection.setAutoCommit(autoCommit);
		}
		catch (SQLException rollbackException) {
			ex.addSuppressed(rollbackException);
		}
	}

	private static <R> List<R> execute(Connection connection, String sql, PreparedStatementSetter parameters,
			RowMapper<R> mapper) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			parameters.setValues(statement);
			List<R> rows = List.of();
			boolean isResultSet = statement.execute();
			while (isResultSet || statement.getUpdateCount() != -1) {
				if (isResultSet) {
					rows = read(statement, mapper);
				}
				isResultSet = statement.getMoreResults();
			}
			return rows;
		}
	}

	private static <R> List<R> read(PreparedStatement statement, RowMapper<R> mapper) throws SQLException {
		List<R> rows = new ArrayList<>();
		try (ResultSet resultSet = statement.getResultSet()) {
			while (resultSet.next()) {
				rows.add(mapper.mapRow(resultSet, rows.size()));
			}
		}
		return rows;
	}

	private interface ConnectionWork<R> {

		List<R> apply(Connection connection) throws SQLException;

	}

}
