/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.PreparedStatementSetter;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.support.MessageCodec;

/**
 * Claims messages. A claim is committed before anyone handles the message: were it part
 * of the handler's transaction, a rollback would take the receive count and the
 * visibility timeout back with it, and a message that always fails would be retried for
 * ever.
 */
final class MessageReceiver {

	private final PgmqDatabase database;

	private final MessageCodec codec;

	private final PgmqFallback fallback;

	MessageReceiver(PgmqDatabase database, MessageCodec codec, LongSupplier nanoTime) {
		this.database = database;
		this.codec = codec;
		this.fallback = new PgmqFallback(
				"Messages are received through pgmq.read, which is slow in a queue with many hidden messages",
				nanoTime);
	}

	<T> List<QueuedMessage<T>> receive(String queue, Class<T> type, int max, int visibilitySeconds) {
		PreparedStatementSetter parameters = (statement) -> {
			statement.setString(1, queue);
			statement.setInt(2, visibilitySeconds);
			statement.setInt(3, max);
		};
		return this.fallback.call(() -> receiveDue(queue, type, parameters), () -> read(queue, type, parameters));
	}

	/*
	 * PGMQ's own function walks the queue past every message that is not visible; ours
	 * takes what is due from the index. It sorts by itself, but the order in which a
	 * query returns the rows of a function is promised to nobody who does not ask for it.
	 */
	private <T> List<QueuedMessage<T>> receiveDue(String queue, Class<T> type, PreparedStatementSetter parameters) {
		String sql = """
				select msg_id, read_ct, enqueued_at, vt, message::text as message, headers::text as headers
				from tasker_pgmq.read_due(?::text, ?::integer, ?::integer)
				order by msg_id""";
		return claim(QueueOperation.RECEIVE_DUE, queue, type, sql, parameters);
	}

	private <T> List<QueuedMessage<T>> read(String queue, Class<T> type, PreparedStatementSetter parameters) {
		String sql = """
				select msg_id, read_ct, enqueued_at, vt, message::text as message, headers::text as headers
				from pgmq.read(?::text, ?::integer, ?::integer)
				order by msg_id""";
		return claim(QueueOperation.RECEIVE, queue, type, sql, parameters);
	}

	<T> Optional<QueuedMessage<T>> receive(String queue, Class<T> type, MessageId id, int visibilitySeconds) {
		String sql = """
				select msg_id, read_ct, enqueued_at, vt, message::text as message, headers::text as headers
				from tasker_pgmq.pgmq_read_specific_message(?::text, ?::bigint, ?::integer)""";
		return claim(QueueOperation.RECEIVE_BY_ID, queue, type, sql, (statement) -> {
			statement.setString(1, queue);
			statement.setLong(2, id.value());
			statement.setInt(3, visibilitySeconds);
		}).stream().findFirst();
	}

	private <T> List<QueuedMessage<T>> claim(QueueOperation operation, String queue, Class<T> type, String sql,
			PreparedStatementSetter parameters) {
		List<Row> rows = this.database.queryInOwnTransaction(operation, queue, sql, parameters, Row::read);
		// The connection is back in its pool: decoding may take a while.
		return rows.stream().map((row) -> decode(queue, type, row)).toList();
	}

	private <T> QueuedMessage<T> decode(String queue, Class<T> type, Row row) {
		MessageId id = new MessageId(row.id());
		return new QueuedMessage<>(queue, id, MessageHandle.of(queue, id), row.receiveCount(), row.enqueuedAt(),
				row.visibleAt(), this.codec.decodeHeaders(row.headers()), this.codec.decode(row.message(), type));
	}

	private record Row(long id, int receiveCount, Instant enqueuedAt, Instant visibleAt, String message,
			@Nullable String headers) {

		static Row read(ResultSet row, int index) throws SQLException {
			String message = row.getString("message");
			return new Row(row.getLong("msg_id"), row.getInt("read_ct"),
					row.getObject("enqueued_at", OffsetDateTime.class).toInstant(),
					row.getObject("vt", OffsetDateTime.class).toInstant(),
					// The column is nullable, and a client of PGMQ 1.5 can leave it so.
					(message != null) ? message : "null", row.getString("headers"));
		}

	}

}
