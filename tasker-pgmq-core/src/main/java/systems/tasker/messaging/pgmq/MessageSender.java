/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.PreparedStatementSetter;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.support.CrossDatabaseSends;
import systems.tasker.messaging.support.MessageCodec;
import systems.tasker.messaging.support.MessagingArguments;

/**
 * Sends messages, as part of the caller's transaction if there is one, and has them
 * announced. The delay of a message that is not to be seen before some time is computed
 * in the database, whose clock is the one that counts, and may be behind ours;
 * {@code greatest} ignores null.
 */
final class MessageSender {

	private static final String SENT_AFTER_DELAY = """
			select msg_id, delay
			from cast(least(greatest(?::integer, ceil(extract(epoch from ?::timestamptz - clock_timestamp()))), 2147483647)
				as integer) as delay,
			""";

	private final PgmqDatabase database;

	private final MessageCodec codec;

	private final MessageAnnouncer announcer;

	private final CrossDatabaseSends crossDatabaseSends;

	MessageSender(PgmqDatabase database, MessageCodec codec, MessageAnnouncer announcer,
			CrossDatabaseSends crossDatabaseSends) {
		this.database = database;
		this.codec = codec;
		this.announcer = announcer;
		this.crossDatabaseSends = crossDatabaseSends;
	}

	MessageId send(String queue, Object payload, SendOptions options) {
		String sql = SENT_AFTER_DELAY + "pgmq.send(?::text, ?::jsonb, ?::jsonb, delay) as sent(msg_id)";
		String notifyingSql = SENT_AFTER_DELAY
				+ "tasker_pgmq.pgmq_send_with_notify(?::text, ?::jsonb, ?::jsonb, delay) as sent(msg_id)";
		int delay = delay(options);
		OffsetDateTime notBefore = notBefore(options);
		String json = this.codec.encode(queue, payload);
		String headers = this.codec.encodeHeaders(queue, options.headers());
		return send(queue, sql, notifyingSql, (statement) -> {
			statement.setInt(1, delay);
			statement.setObject(2, notBefore, Types.TIMESTAMP_WITH_TIMEZONE);
			statement.setString(3, queue);
			statement.setString(4, json);
			statement.setString(5, headers);
		}).get(0);
	}

	List<MessageId> sendBatch(String queue, List<?> payloads, SendOptions options) {
		// PGMQ numbers the messages in the order of the array.
		String sql = SENT_AFTER_DELAY + """
				pgmq.send_batch(?::text, ?::jsonb[], ?::jsonb[], delay) as sent(msg_id)
				order by msg_id""";
		String notifyingSql = SENT_AFTER_DELAY + """
				tasker_pgmq.pgmq_send_batch_with_notify(?::text, ?::jsonb[], ?::jsonb[], delay) as sent(msg_id)
				order by msg_id""";
		int delay = delay(options);
		OffsetDateTime notBefore = notBefore(options);
		String[] json = this.codec.encodeAll(queue, payloads).toArray(String[]::new);
		String[] headers = repeat(this.codec.encodeHeaders(queue, options.headers()), json.length);
		if (json.length == 0) {
			// Some versions of PGMQ refuse an empty batch.
			return List.of();
		}
		return send(queue, sql, notifyingSql, (statement) -> {
			statement.setInt(1, delay);
			statement.setObject(2, notBefore, Types.TIMESTAMP_WITH_TIMEZONE);
			statement.setString(3, queue);
			statement.setObject(4, json, Types.ARRAY);
			statement.setObject(5, headers, Types.ARRAY);
		});
	}

	private List<MessageId> send(String queue, String sql, String notifyingSql, PreparedStatementSetter parameters) {
		this.crossDatabaseSends.check(queue);
		boolean joined = this.database.joinsCaller();
		if (this.announcer.isPartOfSend(joined)) {
			return ids(this.database.query(joined, QueueOperation.SEND, queue, notifyingSql, parameters, Sent::read));
		}
		List<Sent> sent = this.database.query(joined, QueueOperation.SEND, queue, sql, parameters, Sent::read);
		List<MessageId> ids = ids(sent);
		this.announcer.sent(joined, queue, sent.get(0).delay(), ids);
		return ids;
	}

	private static List<MessageId> ids(List<Sent> sent) {
		return sent.stream().map(Sent::id).toList();
	}

	private static String @Nullable [] repeat(@Nullable String headers, int times) {
		if (headers == null) {
			return null;
		}
		String[] repeated = new String[times];
		Arrays.fill(repeated, headers);
		return repeated;
	}

	private static int delay(SendOptions options) {
		SendOptions valid = MessagingArguments.options(options, Instant.now());
		return MessagingArguments.wholeSeconds("delay", valid.delay());
	}

	private static @Nullable OffsetDateTime notBefore(SendOptions options) {
		Instant notBefore = options.notBefore();
		if (notBefore == null || notBefore.isBefore(Instant.EPOCH)) {
			return null;
		}
		return notBefore.atOffset(ZoneOffset.UTC);
	}

	private record Sent(MessageId id, int delay) {

		static Sent read(ResultSet row, int index) throws SQLException {
			return new Sent(new MessageId(row.getLong("msg_id")), row.getInt("delay"));
		}

	}

}
