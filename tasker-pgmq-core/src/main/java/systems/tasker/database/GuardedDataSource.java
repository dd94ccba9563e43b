/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import javax.sql.DataSource;

import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import systems.tasker.messaging.CircuitBreakerOpenException;

/**
 * A DataSource whose connections are handed out by a {@link DatabaseGuard}. For Spring's
 * transactions it is the same resource as the DataSource behind it: what runs on either
 * joins one transaction.
 */
public final class GuardedDataSource extends DelegatingDataSource implements InfrastructureProxy {

	private final DataSource target;

	private final DatabaseGuard guard;

	/**
	 * Guard a DataSource.
	 * @param target the DataSource to take connections from
	 * @param guard decides whether one is taken
	 */
	public GuardedDataSource(DataSource target, DatabaseGuard guard) {
		super(target);
		this.target = target;
		this.guard = guard;
	}

	/**
	 * Return what is behind a DataSource.
	 * @param dataSource a DataSource, guarded or not
	 * @return the DataSource that is guarded, or the argument when it is not
	 */
	public static DataSource unguarded(DataSource dataSource) {
		return (dataSource instanceof InfrastructureProxy proxy
				&& proxy.getWrappedObject() instanceof DataSource target) ? target : dataSource;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return guarded(this.target::getConnection);
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return guarded(() -> this.target.getConnection(username, password));
	}

	private Connection guarded(DatabaseGuard.Call<Connection, SQLException> call) throws SQLException {
		try {
			return this.guard.call(call);
		}
		catch (CircuitBreakerOpenException ex) {
			// Callers of a DataSource are prepared for this, and translate it.
			throw new SQLTransientConnectionException(ex.getMessage(), "08001", ex);
		}
	}

	@Override
	public Object getWrappedObject() {
		return this.target;
	}

}
