/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import systems.tasker.database.CallersTransaction;
import systems.tasker.messaging.CrossDatabaseSendException;

/**
 * Notices sends inside a transaction on the Tasker database when the queues are
 * elsewhere: the message goes out even if the transaction rolls back. Transactions that
 * only read do not matter.
 */
public final class CrossDatabaseSends {

	private static final Logger logger = LoggerFactory.getLogger(CrossDatabaseSends.class);

	/** There are fewer, unless code is made at run time. */
	private static final int MAX_CALL_SITES = 1000;

	private final @Nullable DataSource tasker;

	private final boolean refused;

	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	private CrossDatabaseSends(@Nullable DataSource tasker, boolean refused) {
		this.tasker = (tasker != null) ? innermost(tasker) : null;
		this.refused = refused;
	}

	/**
	 * Do not look, as when there is one database only.
	 * @return lets all sends pass
	 */
	public static CrossDatabaseSends ignored() {
		return new CrossDatabaseSends(null, false);
	}

	/**
	 * Log a warning for each place in the code that sends so.
	 * @param tasker the DataSource of the Tasker database
	 * @return lets all sends pass
	 * @throws IllegalArgumentException if the DataSource is {@code null}
	 */
	public static CrossDatabaseSends warned(DataSource tasker) {
		return new CrossDatabaseSends(MessagingArguments.required("tasker", tasker), false);
	}

	/**
	 * Refuse to send so.
	 * @param tasker the DataSource of the Tasker database
	 * @return refuses sends inside a transaction on that DataSource
	 * @throws IllegalArgumentException if the DataSource is {@code null}
	 */
	public static CrossDatabaseSends refused(DataSource tasker) {
		return new CrossDatabaseSends(MessagingArguments.required("tasker", tasker), true);
	}

	/**
	 * Look for a transaction in the current thread, before a message is sent.
	 * @param queue the name of the queue the message is for
	 * @throws CrossDatabaseSendException if the send is refused
	 */
	public void check(String queue) {
		if (this.tasker == null || !hasTransaction(this.tasker)) {
			return;
		}
		String callSite = CallSite.find();
		if (this.refused) {
			throw new CrossDatabaseSendException(queue, ("A message for queue \"%s\" was refused at %s: a transaction "
					+ "on the Tasker database is open, and the queues are in another database, so that message and "
					+ "rows cannot be committed together. Send after the commit, or set "
					+ "tasker.messaging.cross-database=warn if the receiver copes with messages of transactions "
					+ "that rolled back")
				.formatted(queue, callSite));
		}
		if (this.warned.size() < MAX_CALL_SITES && this.warned.add(callSite)) {
			logger.warn(
					"A message for queue \"{}\" was sent at {} inside a transaction on the Tasker database. The queues "
							+ "are in another database: the message is there even if the transaction rolls back, and "
							+ "maybe before it commits. Send after the commit; tasker.messaging.cross-database=fail "
							+ "refuses such sends. This is said once for each place",
					queue, callSite);
		}
	}

	private static boolean hasTransaction(DataSource tasker) {
		for (Map.Entry<Object, Object> resource : TransactionSynchronizationManager.getResourceMap().entrySet()) {
			if (resource.getKey() instanceof DataSource bound && resource.getValue() instanceof ConnectionHolder
					&& innermost(bound) == tasker && new CallersTransaction(bound).isUndecided() && isWriting(bound)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isWriting(DataSource bound) {
		Connection connection = DataSourceUtils.getConnection(bound);
		try {
			return !connection.getAutoCommit() && !connection.isReadOnly();
		}
		catch (SQLException ex) {
			// It is broken, so it will not commit.
			return true;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, bound);
		}
	}

	// A transaction manager may see one more proxy, or one less, than we do.
	private static DataSource innermost(DataSource dataSource) {
		DataSource candidate = dataSource;
		for (DataSource behind = behind(candidate); behind != null; behind = behind(candidate)) {
			candidate = behind;
		}
		return candidate;
	}

	private static @Nullable DataSource behind(DataSource dataSource) {
		if (dataSource instanceof InfrastructureProxy proxy && proxy.getWrappedObject() instanceof DataSource wrapped) {
			return wrapped;
		}
		return (dataSource instanceof DelegatingDataSource proxy) ? proxy.getTargetDataSource() : null;
	}

}
