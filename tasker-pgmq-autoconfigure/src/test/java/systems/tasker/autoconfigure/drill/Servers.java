/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * A server for each database, and a proxy before each server. The PGMQ server is one that
 * waits for its disk: what it has acknowledged must outlive it.
 */
final class Servers implements AutoCloseable {

	private final TaskerPostgres tasker = TaskerPostgres.builder().start();

	private final TaskerPostgres pgmq = TaskerPostgres.builder().durable().start();

	private final TestDatabase taskerDatabase = this.tasker.createDatabase();

	private final TestDatabase pgmqDatabase = this.pgmq.createDatabase();

	private final TcpProxy taskerProxy = new TcpProxy(this.tasker.port());

	private final TcpProxy pgmqProxy = new TcpProxy(this.pgmq.port());

	TaskerPostgres tasker() {
		return this.tasker;
	}

	TaskerPostgres pgmq() {
		return this.pgmq;
	}

	TestDatabase taskerDatabase() {
		return this.taskerDatabase;
	}

	TestDatabase pgmqDatabase() {
		return this.pgmqDatabase;
	}

	TcpProxy taskerProxy() {
		return this.taskerProxy;
	}

	TcpProxy pgmqProxy() {
		return this.pgmqProxy;
	}

	static void terminateBackends(TestDatabase database) throws SQLException {
		execute(database, """
				select pg_terminate_backend(pid) from pg_stat_activity
				where datname = current_database() and pid <> pg_backend_pid()""");
	}

	void setPgmqPassword(String password) throws SQLException {
		execute(this.pgmqDatabase, "alter role %s password '%s'".formatted(this.pgmqDatabase.username(), password));
	}

	// Without Spring, whose log would show the password.
	private static void execute(TestDatabase database, String sql) throws SQLException {
		try (Connection connection = database.superuserDataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() {
		this.taskerProxy.close();
		this.pgmqProxy.close();
		this.tasker.close();
		this.pgmq.close();
	}

}
