/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Optional;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Tells whether the current thread is in a transaction on a DataSource that somebody will
 * commit. That a connection is bound to the thread does not say so: Spring binds one also
 * for whoever just reads, in a scope without a transaction or in one on another database,
 * and it leaves the connection of a transaction bound while the callbacks run that follow
 * its end. What is done on such a connection is committed by chance or not at all.
 */
public final class CallersTransaction {

	private final DataSource dataSource;

	private final Begun begun;

	/**
	 * Look for transactions on a DataSource.
	 * @param dataSource the DataSource, as it is bound to threads
	 */
	public CallersTransaction(DataSource dataSource) {
		this.dataSource = dataSource;
		this.begun = new Begun(dataSource);
	}

	/**
	 * Return the DataSource whose connections Spring binds to threads: for a proxy that
	 * knows transactions, that behind it.
	 * @param dataSource any DataSource
	 * @return the DataSource to look for transactions on
	 */
	public static DataSource bound(DataSource dataSource) {
		return (dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null)
				? proxy.getTargetDataSource() : dataSource;
	}

	/**
	 * Return whether statements on the bound connection are part of a transaction.
	 * @return {@code true} when somebody will commit them or roll them back
	 */
	public boolean isJoinable() {
		return isBegun() && !Callback.running().filter(Callback::isOfCurrentTransaction).isPresent();
	}

	/**
	 * Return whether there is a transaction of which it is still open how it will end.
	 * @return {@code true} before the commit or rollback, {@code false} in callbacks
	 * afterwards, also in a transaction on another DataSource that began there
	 */
	public boolean isUndecided() {
		return isJoinable() && !(boundConnections() > 1 && Callback.running().isPresent());
	}

	/**
	 * Return how many connections are bound to the current thread, for whatever reason.
	 * @return the number
	 */
	public static long boundConnections() {
		return TransactionSynchronizationManager.getResourceMap()
			.values()
			.stream()
			.filter(ConnectionHolder.class::isInstance)
			.count();
	}

	/*
	 * What is bound for readers is marked by Spring, but so is what its manager for JDBC
	 * binds; that for JPA does not mark.
	 */
	private boolean isBegun() {
		return TransactionSynchronizationManager.getResource(this.dataSource) instanceof ConnectionHolder holder
				&& (!holder.isSynchronizedWithTransaction() || this.begun.isActive());
	}

	/**
	 * What runs after the end of a transaction. While it runs nothing that can be asked
	 * has changed, neither in Spring nor in the driver, which knows a transaction only
	 * from its first statement on. But it is on the stack.
	 *
	 * @param type the class of the synchronization that is called
	 * @param afterCommit whether {@code afterCommit()} is called and not
	 * {@code afterCompletion()}
	 */
	private record Callback(Class<?> type, boolean afterCommit) {

		private static final StackWalker walker = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

		private static final String CALLER = TransactionSynchronizationUtils.class.getName();

		static Optional<Callback> running() {
			return walker.walk((frames) -> {
				Class<?> called = Callback.class;
				for (Iterator<StackFrame> callers = frames.iterator(); callers.hasNext();) {
					StackFrame caller = callers.next();
					boolean afterCommit = caller.getMethodName().equals("invokeAfterCommit");
					if ((afterCommit || caller.getMethodName().equals("invokeAfterCompletion"))
							&& caller.getClassName().equals(CALLER)) {
						return Optional.of(new Callback(called, afterCommit));
					}
					called = caller.getDeclaringClass();
				}
				return Optional.empty();
			});
		}

		/*
		 * Whether no other transaction has begun in it. That would have synchronizations
		 * of its own. Spring forgets those of the former before it calls
		 * afterCompletion().
		 */
		boolean isOfCurrentTransaction() {
			if (!TransactionSynchronizationManager.isSynchronizationActive()) {
				return true;
			}
			return this.afterCommit
					? TransactionSynchronizationManager.getSynchronizations().stream().anyMatch(this.type::isInstance)
					: !TransactionSynchronizationManager.isActualTransactionActive();
		}

	}

	/**
	 * Asks Spring's own manager, which tells only its subclasses what it has begun.
	 */
	private static final class Begun extends DataSourceTransactionManager {

		private static final long serialVersionUID = 1L;

		Begun(DataSource dataSource) {
			// The manager would look behind a proxy that knows transactions, which may be
			// what is bound. It does not behind this one, and Spring binds what it holds.
			super(new GuardedDataSource(GuardedDataSource.unguarded(dataSource), DatabaseGuard.NONE));
		}

		boolean isActive() {
			return isExistingTransaction(doGetTransaction());
		}

	}

}
