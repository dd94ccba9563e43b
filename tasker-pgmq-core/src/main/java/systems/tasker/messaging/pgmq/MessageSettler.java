/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Types;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.ReceiptHandle;

/**
 * Deletes, archives and hides received messages, as part of the caller's transaction if
 * there is one. The handle of a message is its id as text; any other handle was given out
 * by somebody else and names no message of ours.
 */
final class MessageSettler {

	private final PgmqDatabase database;

	MessageSettler(PgmqDatabase database) {
		this.database = database;
	}

	void delete(String queue, ReceiptHandle handle) {
		settle(queue, handle, "select 1 from pgmq.delete(?::text, ?::bigint) as deleted where deleted");
	}

	void archive(String queue, ReceiptHandle handle) {
		settle(queue, handle, "select 1 from pgmq.archive(?::text, ?::bigint) as archived where archived");
	}

	void hide(String queue, ReceiptHandle handle, int seconds) {
		settle(queue, handle, "select 1 from pgmq.set_vt(?::text, ?::bigint, ?::integer)", seconds);
	}

	/*
	 * The statement returns a row when there was such a message.
	 */
	private void settle(String queue, ReceiptHandle handle, String sql, int... arguments) {
		OptionalLong id = messageId(handle);
		if (id.isEmpty() || this.database.query(QueueOperation.SETTLE, queue, sql, (statement) -> {
			statement.setString(1, queue);
			statement.setLong(2, id.getAsLong());
			for (int i = 0; i < arguments.length; i++) {
				statement.setInt(3 + i, arguments[i]);
			}
		}, (row, index) -> id).isEmpty()) {
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
		return new HashSet<>(this.database.query(QueueOperation.SETTLE, queue, sql, (statement) -> {
			statement.setString(1, queue);
			statement.setObject(2, ids, Types.ARRAY);
		}, (row, index) -> new ReceiptHandle(row.getString("msg_id"))));
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
