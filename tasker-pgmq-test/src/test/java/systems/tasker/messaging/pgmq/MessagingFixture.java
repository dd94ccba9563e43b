/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * A database, a service over it and a new queue for whoever asks.
 */
final class MessagingFixture implements AutoCloseable {

	private final AtomicInteger queues = new AtomicInteger();

	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private final DataSource dataSource = this.database.dataSource();

	// A DataSource of its own: never part of a transaction of the test.
	private final JdbcClient jdbc = JdbcClient.create(this.database.dataSource());

	private final MessagingService service = service(this.dataSource);

	static MessagingService service(DataSource dataSource) {
		return new PgmqMessagingService(dataSource, new JacksonMessageSerializer(), 1024);
	}

	TestDatabase database() {
		return this.database;
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	JdbcClient jdbc() {
		return this.jdbc;
	}

	MessagingService service() {
		return this.service;
	}

	String newQueue() {
		String queue = "queue_" + this.queues.incrementAndGet();
		this.service.ensureQueue(queue);
		return queue;
	}

	long count(String table) {
		return this.jdbc.sql("select count(*) from pgmq." + table).query(Long.class).single();
	}

	/**
	 * The same database through connections that somebody else has set up.
	 * @param setUp what to do with each new connection
	 * @return the DataSource
	 */
	DataSource dataSource(ConnectionSetUp setUp) {
		return new DelegatingDataSource(this.dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				setUp.apply(connection);
				return connection;
			}

		};
	}

	@Override
	public void close() {
		this.database.close();
	}

	interface ConnectionSetUp {

		void apply(Connection connection) throws SQLException;

	}

}
