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
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs statements that belong together: all of them, or none.
 * <p>
 * Within the caller's transaction that takes a savepoint, so that whoever catches an
 * error can go on and commit. It is taken on the connection that is bound to the thread,
 * and not by a transaction manager: ours would not recognise the transaction of JPA on
 * the same DataSource, and would commit it.
 */
final class TaskerTransactions {

	private final DataSource dataSource;

	private final TransactionTemplate own;

	TaskerTransactions(DataSource dataSource) {
		this.dataSource = dataSource;
		this.own = new TransactionTemplate(new JdbcTransactionManager(dataSource));
	}

	<T> T call(Supplier<T> work) {
		if (TransactionSynchronizationManager.getResource(this.dataSource) instanceof ConnectionHolder) {
			Connection connection = DataSourceUtils.getConnection(this.dataSource);
			try {
				// Otherwise it is bound for somebody who reads, without a transaction.
				if (!connection.getAutoCommit()) {
					return withSavepoint(connection, work);
				}
			}
			catch (SQLException ex) {
				throw new UncategorizedSQLException("savepoint", null, ex);
			}
			finally {
				DataSourceUtils.releaseConnection(connection, this.dataSource);
			}
		}
		return this.own.execute((status) -> work.get());
	}

	void run(Runnable work) {
		call(() -> {
			work.run();
			return true;
		});
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
