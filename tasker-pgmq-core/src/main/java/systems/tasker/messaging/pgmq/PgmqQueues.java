/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import javax.sql.DataSource;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.support.MessagingArguments;

/**
 * What an operator does with queues: creates them, keeps their tables small and looks how
 * they are. Each method has transactions of its own.
 * <p>
 * All but {@link #ensure} and {@link #unlogged} need the functions of
 * {@code tasker_pgmq}. Arguments are checked before anything is done: those that are
 * {@code null} or out of range are refused with an {@link IllegalArgumentException} that
 * names them, names of queues that break the rule with an
 * {@link systems.tasker.messaging.InvalidQueueNameException}. What the database refuses
 * is a {@link systems.tasker.messaging.MessagingException}.
 */
public final class PgmqQueues {

	private final PgmqDatabase database;

	private final QueueCatalog catalog;

	/**
	 * Create a view of the queues of a database.
	 * @param pgmq the database; not guarded itself
	 * @param guard stands before each statement, once
	 * @throws IllegalArgumentException if one of both is {@code null}
	 */
	public PgmqQueues(DataSource pgmq, DatabaseGuard guard) {
		this.database = new PgmqDatabase(pgmq, guard);
		this.catalog = new QueueCatalog(this.database);
	}

	/**
	 * Create the queues that do not exist. What exists stays as it is.
	 * @param queues the names of the queues
	 * @param unlogged whether a queue that is created is not written to the log of the
	 * database: faster, and empty after a crash
	 * @throws IllegalArgumentException if there is {@code null} among them
	 * @throws systems.tasker.messaging.InvalidQueueNameException if a name breaks the
	 * rule; no queue is created then
	 */
	public void ensure(Collection<String> queues, boolean unlogged) {
		this.catalog.ensure(
				MessagingArguments.distinct("queues", queues).stream().map(MessagingArguments::queue).toList(),
				unlogged);
	}

	/**
	 * Return which queues are unlogged in the database.
	 * @return the names of the queues
	 */
	public Set<String> unlogged() {
		String sql = """
				select m.queue_name::text as queue_name
				from pgmq.meta m
				join pg_class c on c.relnamespace = 'pgmq'::regnamespace and c.relname = 'q_' || m.queue_name
				where c.relpersistence = 'u'""";
		return new HashSet<>(this.database.queryInOwnTransaction(QueueOperation.INSPECT, null, sql, (statement) -> {
		}, (row, index) -> row.getString("queue_name")));
	}

	/**
	 * Set how autovacuum treats a queue, unless it does so already.
	 * @param queue the name of the queue
	 * @param autovacuum how it is to treat the queue
	 * @param withArchive whether that is also for the archive of the queue
	 * @return the tables that were changed
	 * @throws IllegalArgumentException if something is {@code null}
	 * @throws systems.tasker.messaging.InvalidQueueNameException if the name is no valid
	 * name of a queue
	 * @throws systems.tasker.messaging.QueueNotFoundException if there is no such queue
	 */
	public List<String> setAutovacuum(String queue, Autovacuum autovacuum, boolean withArchive) {
		String sql = """
				select changed
				from tasker_pgmq.set_autovacuum(
					?::text, ?::double precision, ?::integer, ?::double precision, ?::boolean) as changed""";
		MessagingArguments.queue(queue);
		MessagingArguments.required("autovacuum", autovacuum);
		return this.database.queryInOwnTransaction(QueueOperation.MAINTAIN, queue, sql, (statement) -> {
			statement.setString(1, queue);
			statement.setDouble(2, autovacuum.scaleFactor());
			statement.setInt(3, autovacuum.threshold());
			statement.setDouble(4, autovacuum.costDelayMillis());
			statement.setBoolean(5, withArchive);
		}, (row, index) -> row.getString("changed"));
	}

	/**
	 * Delete a batch of messages from the archive of a queue, the oldest first.
	 * @param queue the name of the queue
	 * @param retention how long messages stay there, 0 to {@link Integer#MAX_VALUE}
	 * seconds, to the millisecond
	 * @param max how many to delete at most, 1 to 10,000
	 * @return how many were deleted, fewer than {@code max} when no more are that old;
	 * nothing when somebody else is deleting there
	 * @throws IllegalArgumentException if something is {@code null} or out of range
	 * @throws systems.tasker.messaging.InvalidQueueNameException if the name is no valid
	 * name of a queue
	 * @throws systems.tasker.messaging.QueueNotFoundException if there is no such queue
	 */
	public OptionalInt deleteArchived(String queue, Duration retention, int max) {
		String sql = """
				select deleted
				from tasker_pgmq.delete_archived(
					?::text, make_interval(secs => ?::double precision), ?::integer) as deleted
				where deleted is not null""";
		MessagingArguments.queue(queue);
		MessagingArguments.duration("retention", retention);
		MessagingArguments.max(max);
		return this.database.queryInOwnTransaction(QueueOperation.MAINTAIN, queue, sql, (statement) -> {
			statement.setString(1, queue);
			statement.setDouble(2, retention.toMillis() / 1000.0);
			statement.setInt(3, max);
		}, (row, index) -> row.getInt("deleted")).stream().mapToInt(Integer::intValue).findFirst();
	}

	/**
	 * Return how all queues of the database are.
	 * @return the figures, in the order of the names
	 */
	public List<QueueFigures> figures() {
		String sql = """
				select queue_name, queue_length, visible_length, oldest_due_seconds, dead_tuples, error
				from tasker_pgmq.queue_health()""";
		return this.database.queryInOwnTransaction(QueueOperation.INSPECT, null, sql, (statement) -> {
		}, (row, index) -> figures(row));
	}

	private static QueueFigures figures(ResultSet row) throws SQLException {
		Optional<String> error = Optional.ofNullable(row.getString("error"));
		// Nothing is due, unless nothing could be read.
		Optional<Duration> none = error.isEmpty() ? Optional.of(Duration.ZERO) : Optional.empty();
		return new QueueFigures(row.getString("queue_name"), count(row, "queue_length"), count(row, "visible_length"),
				seconds(row, "oldest_due_seconds").or(() -> none), count(row, "dead_tuples"), error);
	}

	/**
	 * Return for how long somebody has kept dead rows from being removed.
	 * @return how old the oldest snapshot is
	 */
	public SnapshotAge oldestSnapshot() {
		String sql = """
				select coalesce(max(age_transactions), 0) as age_transactions,
					case when count(*) = 0 then 0 else max(age_seconds) end as age_seconds
				from tasker_pgmq.held_snapshots()""";
		return this.database.queryInOwnTransaction(QueueOperation.INSPECT, null, sql, (statement) -> {
		}, (row, index) -> new SnapshotAge(row.getLong("age_transactions"), seconds(row, "age_seconds"))).get(0);
	}

	private static OptionalLong count(ResultSet row, String column) throws SQLException {
		Long value = row.getObject(column, Long.class);
		return (value != null) ? OptionalLong.of(value) : OptionalLong.empty();
	}

	private static Optional<Duration> seconds(ResultSet row, String column) throws SQLException {
		Double value = row.getObject(column, Double.class);
		return Optional.ofNullable(value).map((seconds) -> Duration.ofMillis(Math.round(seconds * 1000)));
	}

}
