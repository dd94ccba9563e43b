/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * A filled Tasker database and the calls that are measured in it.
 */
final class TaskDatabase implements AutoCloseable {

	private static final int TASKS = 500;

	private final TestDatabase database;

	private final Connection connection;

	private final ServerClock clock;

	private final PreparedStatement discovery;

	private final PreparedStatement readiness;

	private final List<UUID> tasks = new ArrayList<>();

	private int calls;

	TaskDatabase(TaskerPostgres server, TaskMix mix, int size) throws SQLException {
		this.database = server.createDatabase();
		// A superuser may ask for the plans of what a function runs.
		this.connection = this.database.superuserDataSource().getConnection();
		mix.load(this.connection, size);
		try (PreparedStatement statement = TaskMix.someTasks(this.connection)) {
			statement.setInt(1, TASKS);
			ResultSet rows = statement.executeQuery();
			while (rows.next()) {
				this.tasks.add(rows.getObject(1, UUID.class));
			}
		}
		this.connection.setAutoCommit(false);
		this.clock = ServerClock.of(this.connection);
		this.discovery = this.connection.prepareStatement("select * from tasker.get_next_ready_tasks(10)");
		this.readiness = this.connection.prepareStatement("select * from tasker.get_step_readiness_status(?)");
	}

	ServerClock clock() {
		return this.clock;
	}

	void discover() throws SQLException {
		requireRows(this.discovery, 10);
		this.connection.rollback();
	}

	void askForReadiness() throws SQLException {
		this.readiness.setObject(1, this.tasks.get(this.calls++ % this.tasks.size()));
		requireRows(this.readiness, 6);
		this.connection.rollback();
	}

	private static void requireRows(PreparedStatement statement, int expected) throws SQLException {
		int rows = 0;
		try (ResultSet result = statement.executeQuery()) {
			while (result.next()) {
				rows++;
			}
		}
		if (rows != expected) {
			throw new IllegalStateException("Expected %d rows, but got %d".formatted(expected, rows));
		}
	}

	/**
	 * Return how the list of candidates is made: what was executed of the plan, without
	 * costs.
	 * @return the lines of the plan
	 * @throws SQLException if the database refuses
	 */
	String plan() throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("load 'auto_explain'");
			statement.execute("set auto_explain.log_min_duration = 0");
			statement.execute("set auto_explain.log_nested_statements = on");
			statement.execute("set auto_explain.log_analyze = on");
			statement.execute("set auto_explain.log_timing = off");
			statement.execute("set client_min_messages = log");
			statement.execute("select * from tasker.get_next_ready_tasks(10)");
			String plan = "";
			for (SQLWarning message = statement.getWarnings(); message != null; message = message.getNextWarning()) {
				String text = String.valueOf(message.getMessage());
				if (text.contains("with found as")) {
					plan = text;
				}
			}
			return plan.lines()
				.dropWhile((line) -> !line.startsWith("Limit"))
				.filter((line) -> line.contains("actual") || line.contains("Index Cond")
						|| line.contains("One-Time Filter"))
				.map((line) -> line.replaceAll("\\(cost=\\S+ rows=\\d+ width=\\d+\\) ", ""))
				.collect(Collectors.joining("\n"));
		}
		finally {
			this.connection.rollback();
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
		this.database.close();
	}

}
