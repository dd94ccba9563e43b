/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;

import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.ReceiptHandle;

/**
 * Deletes, archives and hides received messages, as part of the caller's transaction if
 * there is one. The handle of a message is its id as text; any other handle was given out
 * by somebody else and names no message of ours.
 */
final class MessageSettler {

	private final JdbcClient jdbc;

	MessageSettler(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void delete(String queue, ReceiptHandle handle) {
		settle(queue, handle,
				(id) -> this.jdbc.sql("select pgmq.delete(?::text, ?::bigint)")
					.param(queue)
					.param(id)
					.query(Boolean.class)
					.single());
	}

	void archive(String queue, ReceiptHandle handle) {
		settle(queue, handle,
				(id) -> this.jdbc.sql("select pgmq.archive(?::text, ?::bigint)")
					.param(queue)
					.param(id)
					.query(Boolean.class)
					.single());
	}

	void hide(String queue, ReceiptHandle handle, int seconds) {
		settle(queue, handle,
				(id) -> this.jdbc.sql("select msg_id from pgmq.set_vt(?::text, ?::bigint, ?::integer)")
					.param(queue)
					.param(id)
					.param(seconds)
					.query(Long.class)
					.optional()
					.isPresent());
	}

	private void settle(String queue, ReceiptHandle handle, LongPredicate settlement) {
		OptionalLong id = messageId(handle);
		if (id.isEmpty() || !PgmqExceptionTranslator.translating(QueueOperation.SETTLE, queue,
				() -> settlement.test(id.getAsLong()))) {
			throw new MessageNotFoundException(queue, handle);
		}
	}

	List<ReceiptHandle> delete(String queue, Collection<ReceiptHandle> handles) {
		Long[] ids = handles.stream()
			.map(MessageSettler::messageId)
			.filter(OptionalLong::isPresent)
			.map(OptionalLong::getAsLong)
			.toArray(Long[]::new);
		Set<ReceiptHandle> deleted = (ids.length > 0) ? delete(queue, ids) : Set.of();
		return handles.stream().filter((handle) -> !deleted.contains(handle)).toList();
	}

	private Set<ReceiptHandle> delete(String queue, Long[] ids) {
		String sql = "select msg_id from pgmq.delete(?::text, ?::bigint[]) as deleted(msg_id)";
		return PgmqExceptionTranslator.translating(QueueOperation.SETTLE, queue,
				() -> this.jdbc.sql(sql)
					.param(queue)
					.param(ids)
					.query((row, index) -> new ReceiptHandle(row.getString("msg_id")))
					.set());
	}

	private static OptionalLong messageId(ReceiptHandle handle) {
		try {
			long id = Long.parseLong(handle.value());
			// "007" and "+7" are not ours.
			return Long.toString(id).equals(handle.value()) ? OptionalLong.of(id) : OptionalLong.empty();
		}
		catch (NumberFormatException ex) {
			return OptionalLong.empty();
		}
	}

}
