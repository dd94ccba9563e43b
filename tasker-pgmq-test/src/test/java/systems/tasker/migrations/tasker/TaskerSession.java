/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A connection as a role that is not the owner, with an empty search path, always in a
 * transaction. Time stands still in it, so that ages are exact. {@link #close()} rolls
 * back.
 * <p>
 * SQL may use {@code test.at(seconds)}, a time relative to now, and its inverse
 * {@code test.seconds(timestamp)}; {@code test.name(step)} and {@code test.task(task)}
 * are the names given to rows.
 */
final class TaskerSession implements AutoCloseable {

	private static final AtomicLong lastUuid = new AtomicLong();

	private final SingleConnectionDataSource connection;

	private final JdbcClient client;

	TaskerSession(DataSource superuser, String role, String zone) {
		try {
			this.connection = new SingleConnectionDataSource(superuser.getConnection(), true);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		this.client = JdbcClient.create(this.connection);
		execute("set session authorization " + role);
		execute("set search_path = ''");
		execute("set time zone '" + zone + "'");
		// A test that is wrong fails instead of waiting for ever.
		execute("set lock_timeout = '20s'");
		execute("begin");
	}

	static TaskerSession open(String zone) {
		return TaskerSchema.shared().session(TaskerSchema.ROLE, zone);
	}

	/**
	 * Return a UUID greater than all before it.
	 */
	static UUID nextUuid() {
		return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | lastUuid.incrementAndGet());
	}

	/**
	 * Return a UUID less than all before it, for rows whose order must not be that of
	 * their insertion.
	 */
	static UUID lowUuid() {
		return new UUID(0x0180_0000_0000_7000L, 0xBFFF_FFFF_FFFF_FFFFL - lastUuid.incrementAndGet());
	}

	/**
	 * Insert a task that was created now and has no state.
	 */
	TaskRows task(String name) {
		return task("ns", "template", name);
	}

	TaskRows task(String namespace, String template, String name) {
		return new TaskRows(this, nextUuid(), namespace, template, name);
	}

	/**
	 * Insert a task with a {@link #lowUuid()}.
	 */
	TaskRows lowTask(String name) {
		return new TaskRows(this, lowUuid(), "ns", "template", name);
	}

	boolean transition(TaskRows task, String from, String to) {
		return isTrue("select tasker.transition_task_state_atomic(?, ?, ?, null)", task.uuid(), from, to);
	}

	boolean transition(StepRows step, String from, String to) {
		return isTrue("select tasker.transition_step_state_atomic(?, ?, ?)", step.uuid(), from, to);
	}

	String state(TaskRows task) {
		return row("select tasker.get_current_task_state(?)", task.uuid());
	}

	String state(StepRows step) {
		return row("""
				select to_state from tasker.workflow_step_transitions where workflow_step_uuid = ? and most_recent
				""", step.uuid());
	}

	/**
	 * Return all states of a task, the first one first.
	 */
	List<String> history(TaskRows task) {
		return rows("select to_state from tasker.task_transitions where task_uuid = ? order by sort_key", task.uuid());
	}

	void execute(String sql, Object... parameters) {
		new JdbcTemplate(this.connection).execute(sql, (PreparedStatementCallback<Boolean>) (statement) -> {
			new ArgumentPreparedStatementSetter(parameters).setValues(statement);
			return statement.execute();
		});
	}

	int update(String sql, Object... parameters) {
		return this.client.sql(sql).params(parameters).update();
	}

	/**
	 * Run "copy … from stdin".
	 */
	void copy(String sql, String lines) {
		new JdbcTemplate(this.connection).execute((ConnectionCallback<Long>) (connection) -> {
			try {
				return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(lines));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	/**
	 * Return each row as text, as in {@code "a | t | -"}.
	 */
	List<String> rows(String sql, Object... parameters) {
		return this.client.sql(sql).params(parameters).query((row, number) -> text(row)).list();
	}

	String row(String sql, Object... parameters) {
		return this.client.sql(sql).params(parameters).query((row, number) -> text(row)).single();
	}

	<T> T value(Class<T> type, String sql, Object... parameters) {
		return this.client.sql(sql).params(parameters).query(type).single();
	}

	boolean isTrue(String sql, Object... parameters) {
		return value(Boolean.class, sql, parameters);
	}

	/**
	 * Return the error of a statement that must fail. The transaction goes on.
	 */
	ServerErrorMessage error(String sql, Object... parameters) {
		execute("savepoint before_error");
		Throwable error = catchThrowable(() -> execute(sql, parameters));
		execute("rollback to savepoint before_error");
		assertThat(error).rootCause().isInstanceOf(PSQLException.class);
		return ((PSQLException) NestedExceptionUtils.getMostSpecificCause(error)).getServerErrorMessage();
	}

	/**
	 * Return the value of a statement with one parameter for each "?", and its warnings.
	 */
	String rowWithWarnings(String sql, Object... parameters) {
		return new JdbcTemplate(this.connection).execute(sql, (PreparedStatementCallback<String>) (statement) -> {
			new ArgumentPreparedStatementSetter(parameters).setValues(statement);
			ResultSet row = statement.executeQuery();
			row.next();
			return text(row) + " | " + statement.getWarnings().getMessage();
		});
	}

	void commit() {
		execute("commit");
		execute("begin");
	}

	void rollback() {
		execute("rollback");
		execute("begin");
	}

	static String array(UUID... uuids) {
		return array(Arrays.asList(uuids));
	}

	/**
	 * Return the text of an array, for a parameter {@code ?::uuid[]}.
	 */
	static String array(Collection<UUID> uuids) {
		return uuids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
	}

	private static String text(ResultSet row) throws SQLException {
		List<String> columns = IntStream.rangeClosed(1, row.getMetaData().getColumnCount()).mapToObj((column) -> {
			try {
				String value = row.getString(column);
				return (value != null) ? value : "-";
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}).toList();
		return String.join(" | ", columns);
	}

	@Override
	public void close() {
		this.connection.destroy();
	}

}
