/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * The functions of PGMQ, called through JDBC with nothing in between: what the service is
 * compared with. Each call takes a connection from the pool and commits.
 */
final class RawQueue {

	private final DataSource pool;

	private final String queue;

	RawQueue(DataSource pool, String queue) {
		this.pool = pool;
		this.queue = queue;
	}

	void send(String message) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement("select pgmq.send(?, ?::jsonb)")) {
			statement.setString(1, this.queue);
			statement.setString(2, message);
			statement.executeQuery();
		}
	}

	void sendBatch(String message, int number) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement("select pgmq.send_batch(?, ?::jsonb[])")) {
			statement.setString(1, this.queue);
			statement.setArray(2,
					connection.createArrayOf("text", Collections.nCopies(number, message).toArray(String[]::new)));
			statement.executeQuery();
		}
	}

	/**
	 * Receive a message and delete it, if there is one.
	 */
	void receiveAndDelete() throws SQLException {
		Long id = receive();
		if (id != null) {
			delete(id);
		}
	}

	private @Nullable Long receive() throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement("select * from pgmq.read(?, 30, 1)")) {
			statement.setString(1, this.queue);
			ResultSet rows = statement.executeQuery();
			return rows.next() ? rows.getLong("msg_id") : null;
		}
	}

	private void delete(long id) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement("select pgmq.delete(?, ?::bigint)")) {
			statement.setString(1, this.queue);
			statement.setLong(2, id);
			statement.executeQuery();
		}
	}

	/**
	 * Send messages to another queue that nobody may see today.
	 * @param other the other queue
	 * @param number the number of messages
	 * @throws SQLException if the database refuses
	 */
	void addInvisible(String other, int number) throws SQLException {
		String sql = """
				select count(*)
				from pgmq.send_batch(?, array(select '{}'::jsonb from generate_series(1, ?)), 86400)
				""";
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, other);
			statement.setInt(2, number);
			statement.executeQuery();
		}
	}

	void purge() throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement("select pgmq.purge_queue(?)")) {
			statement.setString(1, this.queue);
			statement.executeQuery();
		}
	}

}
