/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.CallersTransaction;

/**
 * Runs statements that belong together: all of them, or none.
 * <p>
 * Within the caller's transaction that takes a savepoint, so that whoever catches an
 * error can go on and commit. It is taken on the connection that is bound to the thread,
 * and not by a transaction manager: ours would not recognise the transaction of JPA on
 * the same DataSource, and would commit it.
 * <p>
 * Call it once for an operation, and not again within: a server keeps 64 subtransactions
 * of a session at hand, and all sessions become slower when one has more.
 */
final class TaskerTransactions {

	private final DataSource dataSource;

	private final CallersTransaction callersTransaction;

	private final TransactionTemplate own;

	TaskerTransactions(DataSource dataSource) {
		this.dataSource = dataSource;
		this.callersTransaction = new CallersTransaction(dataSource);
		this.own = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		// Without this it would join a transaction that is over, in callbacks after it.
		this.own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	<T> T call(Supplier<T> work) {
		if (!this.callersTransaction.isJoinable()) {
			return inOwnTransaction(work);
		}
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			return withSavepoint(connection, work);
		}
		catch (SQLException ex) {
			throw new UncategorizedSQLException("savepoint", null, ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	private <T> T inOwnTransaction(Supplier<T> work) {
		try {
			return this.own.execute((status) -> work.get());
		}
		catch (TransactionSystemException ex) {
			// With the connection lost, the rollback fails as well. Callers need the
			// first error.
			if (ex.getApplicationException() instanceof RuntimeException error) {
				error.addSuppressed(ex);
				throw error;
			}
			throw ex;
		}
	}

	private static <T> T withSavepoint(Connection connection, Supplier<T> work) throws SQLException {
		Savepoint savepoint = connection.setSavepoint();
		T result;
		try {
			result = work.get();
		}
		catch (RuntimeException | Error ex) {
			rollback(connection, savepoint, ex);
			throw ex;
		}
		connection.releaseSavepoint(savepoint);
		return result;
	}

	private static void rollback(Connection connection, Savepoint savepoint, Throwable error) {
		try {
			connection.rollback(savepoint);
			connection.releaseSavepoint(savepoint);
		}
		catch (SQLException ex) {
			error.addSuppressed(ex);
		}
	}

}
