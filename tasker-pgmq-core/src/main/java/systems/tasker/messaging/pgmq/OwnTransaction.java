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
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Runs SQL in a READ COMMITTED transaction of its own, whatever transaction the caller is
 * in and however the DataSource sets up its connections.
 * <p>
 * Connections come from the DataSource itself and not from Spring, for Spring would
 * answer with the connection of the caller's transaction. Nor would a transaction manager
 * with REQUIRES_NEW do: one for JDBC does not know how to suspend what JPA has bound to
 * the same DataSource.
 */
final class OwnTransaction {

	private final DataSource dataSource;

	OwnTransaction(DataSource dataSource) {
		this.dataSource = withoutTransactionAwareness(dataSource);
	}

	private static DataSource withoutTransactionAwareness(DataSource dataSource) {
		return (dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null)
				? proxy.getTargetDataSource() : dataSource;
	}

	/**
	 * Run one or more statements, separated by semicolons, and commit.
	 * @param <R> the type of a row
	 * @param operation what this is, for errors
	 * @param queue the name of the queue it is about, for errors
	 * @param sql the statements
	 * @param parameters sets the parameters of all statements
	 * @param mapper maps the rows of the last query
	 * @return the rows of the last query
	 */
	<R> List<R> query(QueueOperation operation, @Nullable String queue, String sql, PreparedStatementSetter parameters,
			RowMapper<R> mapper) {
		try (Connection connection = connect()) {
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

	/*
	 * All in one round trip, COMMIT included: the driver sends the statements, and its
	 * own BEGIN before them, together, and commit() afterwards finds nothing left to do.
	 * To ask a connection for its isolation level instead of setting it would be a round
	 * trip too, and one outside of the transaction.
	 */
	private <R> List<R> execute(Connection connection, String sql, PreparedStatementSetter parameters,
			RowMapper<R> mapper) throws SQLException {
		String script = "set transaction isolation level read committed;\n" + sql + ";\ncommit";
		try (PreparedStatement statement = connection.prepareStatement(script)) {
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

	private <R> List<R> read(PreparedStatement statement, RowMapper<R> mapper) throws SQLException {
		List<R> rows = new ArrayList<>();
		try (ResultSet resultSet = statement.getResultSet()) {
			while (resultSet.next()) {
				rows.add(mapper.mapRow(resultSet, rows.size()));
			}
		}
		return rows;
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

}
