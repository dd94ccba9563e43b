/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.QueueHealthReport;
import systems.tasker.messaging.QueueName;
import systems.tasker.messaging.QueueStats;

/**
 * Creates queues, looks for them and counts what is in them, always in transactions of
 * its own: a queue must be there for everyone, and figures must not be those of when the
 * caller's transaction began.
 */
final class QueueCatalog {

	private final PgmqDatabase database;

	private final PgmqFallback fallback = new PgmqFallback(
			"Queues are counted by pgmq.metrics, which reads the whole queue", System::nanoTime);

	QueueCatalog(PgmqDatabase database) {
		this.database = database;
	}

	void ensure(List<String> queues, boolean unlogged) {
		find(QueueOperation.CREATE, queues).stream()
			.filter((queue) -> !queue.isComplete())
			.forEach((queue) -> create(queue.name(), unlogged));
	}

	/*
	 * PGMQ locks out concurrent creation itself since 1.6.0, and only of the same queue;
	 * before, one of two instances fails. Each queue has a transaction of its own, so
	 * that nobody waits for one lock while holding another. Only the last statement
	 * returns a boolean, whose text is "t".
	 */
	private void create(String queue, boolean unlogged) {
		String sql = """
				select pg_advisory_xact_lock(hashtextextended('tasker_pgmq.create_queue', 0));
				select case when ?::boolean then pgmq.create_unlogged(?::text) else pgmq.create(?::text) end;
				select not exists (
					select from pg_catalog.pg_trigger
					where tgrelid = 'pgmq.meta'::regclass and tgname = 'pgmq_queue_created_trigger')
				and exists (
					select from pg_catalog.pg_proc p
					join pg_catalog.pg_namespace n on n.oid = p.pronamespace
					where n.nspname = 'tasker_pgmq' and p.proname = 'notify_queue_created'
						and has_schema_privilege(n.oid, 'USAGE') and has_function_privilege(p.oid, 'EXECUTE'))""";
		boolean unannounced = this.database.queryInOwnTransaction(QueueOperation.CREATE, queue, sql, (statement) -> {
			statement.setBoolean(1, unlogged);
			statement.setString(2, queue);
			statement.setString(3, queue);
		}, (row, index) -> "t".equals(row.getString(1))).contains(true);
		if (unannounced) {
			announce(queue);
		}
	}

	/*
	 * The trigger that announces a queue is missing where the role must not add one to
	 * PGMQ's table. PGMQ alone, without our functions or the right to call them, is
	 * enough for a queue.
	 */
	private void announce(String queue) {
		String sql = "select tasker_pgmq.notify_queue_created(?::text)";
		this.database.queryInOwnTransaction(QueueOperation.CREATE, queue, sql,
				(statement) -> statement.setString(1, queue), (row, index) -> queue);
	}

	QueueHealthReport verify(Collection<String> queues) {
		List<String> valid = new ArrayList<>();
		Map<String, String> errors = new LinkedHashMap<>();
		for (String queue : queues) {
			try {
				valid.add(new QueueName(queue).value());
			}
			catch (InvalidQueueNameException ex) {
				errors.put(queue, String.valueOf(ex.getMessage()));
			}
		}
		List<String> healthy = new ArrayList<>();
		List<String> missing = new ArrayList<>();
		for (QueueState queue : find(QueueOperation.INSPECT, valid)) {
			if (queue.isComplete()) {
				healthy.add(queue.name());
			}
			else if (queue.isAbsent()) {
				missing.add(queue.name());
			}
			else {
				errors.put(queue.name(), queue.damage());
			}
		}
		return new QueueHealthReport(healthy, missing, errors);
	}

	private List<QueueState> find(QueueOperation operation, List<String> queues) {
		if (queues.isEmpty()) {
			return List.of();
		}
		// Only tables: q_orders_vt_idx is an index of the queue "orders".
		String sql = """
				with tables as (
					select c.relname
					from pg_catalog.pg_class c
					join pg_catalog.pg_namespace n on n.oid = c.relnamespace
					where n.nspname = 'pgmq' and c.relkind in ('r', 'p')
				)
				select queue.name,
					exists (select from pgmq.meta where queue_name = queue.name) as listed,
					exists (select from tables where relname = 'q_' || queue.name) as has_queue_table,
					exists (select from tables where relname = 'a_' || queue.name) as has_archive_table
				from unnest(?::text[]) with ordinality as queue(name, position)
				order by queue.position""";
		String[] names = queues.stream().distinct().toArray(String[]::new);
		return this.database.queryInOwnTransaction(operation, null, sql, (statement) -> statement.setObject(1, names),
				QueueState::read);
	}

	QueueStats stats(String queue) {
		return this.fallback.call(() -> stats(queue, QueueOperation.INSPECT_STATS, """
				select queue_length, queue_visible_length, oldest_msg_age_sec, newest_msg_age_sec, total_messages
				from tasker_pgmq.queue_stats(?::text)"""), () -> stats(queue, QueueOperation.INSPECT, """
				select queue_length, queue_visible_length, oldest_msg_age_sec, newest_msg_age_sec, total_messages
				from pgmq.metrics(?::text)"""));
	}

	private QueueStats stats(String queue, QueueOperation operation, String sql) {
		return this.database.queryInOwnTransaction(operation, queue, sql, (statement) -> statement.setString(1, queue),
				(row, index) -> new QueueStats(queue, count(row, "queue_length"), count(row, "queue_visible_length"),
						age(row, "oldest_msg_age_sec"), age(row, "newest_msg_age_sec"), count(row, "total_messages")))
			.get(0);
	}

	private static OptionalLong count(ResultSet row, String column) throws SQLException {
		Long value = row.getObject(column, Long.class);
		return (value != null) ? OptionalLong.of(value) : OptionalLong.empty();
	}

	private static Optional<Duration> age(ResultSet row, String column) throws SQLException {
		Integer seconds = row.getObject(column, Integer.class);
		return Optional.ofNullable(seconds).map(Duration::ofSeconds);
	}

	private record QueueState(String name, boolean listed, boolean hasQueueTable, boolean hasArchiveTable) {

		static QueueState read(ResultSet row, int index) throws SQLException {
			return new QueueState(row.getString("name"), row.getBoolean("listed"), row.getBoolean("has_queue_table"),
					row.getBoolean("has_archive_table"));
		}

		boolean isComplete() {
			return this.listed && this.hasQueueTable && this.hasArchiveTable;
		}

		boolean isAbsent() {
			return !this.listed && !this.hasQueueTable;
		}

		String damage() {
			String missing = (!this.listed) ? "its row in pgmq.meta"
					: (!this.hasQueueTable) ? "its table pgmq.q_" + this.name : "its archive pgmq.a_" + this.name;
			return "Queue \"" + this.name + "\" lacks " + missing + "; ensureQueue restores it";
		}

	}

}
