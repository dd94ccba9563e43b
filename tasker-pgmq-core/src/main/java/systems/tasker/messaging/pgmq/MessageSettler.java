/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Types;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.ReceiptHandle;

/**
 * Deletes, archives and hides received messages, as part of the caller's transaction if
 * there is one.
 */
final class MessageSettler {

	private final PgmqDatabase database;

	MessageSettler(PgmqDatabase database) {
		this.database = database;
	}

	void delete(String queue, ReceiptHandle handle) {
		settle(QueueOperation.SETTLE, queue, handle,
				"select 1 from pgmq.delete(?::text, ?::bigint) as deleted where deleted");
	}

	void archive(String queue, ReceiptHandle handle) {
		settle(QueueOperation.ARCHIVE, queue, handle,
				"select 1 from pgmq.archive(?::text, ?::bigint) as archived where archived");
	}

	void hide(String queue, ReceiptHandle handle, int seconds) {
		settle(QueueOperation.SETTLE, queue, handle, "select 1 from pgmq.set_vt(?::text, ?::bigint, ?::integer)",
				seconds);
	}

	/*
	 * The statement returns a row when there was such a message.
	 */
	private void settle(QueueOperation operation, String queue, ReceiptHandle handle, String sql, int... arguments) {
		long id = MessageHandle.id(queue, handle);
		if (this.database.query(operation, queue, sql, (statement) -> {
			statement.setString(1, queue);
			statement.setLong(2, id);
			for (int i = 0; i < arguments.length; i++) {
				statement.setInt(3 + i, arguments[i]);
			}
		}, (row, index) -> id).isEmpty()) {
			throw new MessageNotFoundException(queue, handle);
		}
	}

	List<ReceiptHandle> delete(String queue, Collection<ReceiptHandle> handles) {
		return settle(queue, handles, "select msg_id from pgmq.delete(?::text, ?::bigint[]) as deleted(msg_id)");
	}

	/*
	 * One by one in the order of their ids: the set_vt of PGMQ that takes an array
	 * updates them in any order, and two who extend the same leases would lock each other
	 * out.
	 */
	List<ReceiptHandle> hide(String queue, Collection<ReceiptHandle> handles, int seconds) {
		String sql = """
				select hidden.msg_id
				from (values (?::text, ?::bigint[], ?::integer)) as arguments(queue, ids, seconds)
				cross join lateral (select id from unnest(ids) as id order by id) as ordered
				cross join lateral pgmq.set_vt(queue, id, seconds) as hidden""";
		return settle(queue, handles, sql, seconds);
	}

	/*
	 * The statement returns the ids of the messages that were there.
	 */
	private List<ReceiptHandle> settle(String queue, Collection<ReceiptHandle> handles, String sql, int... arguments) {
		if (handles.isEmpty()) {
			return List.of();
		}
		Long[] ids = handles.stream().map((handle) -> MessageHandle.id(queue, handle)).toArray(Long[]::new);
		Set<ReceiptHandle> found = new HashSet<>(this.database.query(QueueOperation.SETTLE, queue, sql, (statement) -> {
			statement.setString(1, queue);
			statement.setObject(2, ids, Types.ARRAY);
			for (int i = 0; i < arguments.length; i++) {
				statement.setInt(3 + i, arguments[i]);
			}
		}, (row, index) -> MessageHandle.of(queue, new MessageId(row.getLong("msg_id")))));
		return handles.stream().filter((handle) -> !found.contains(handle)).toList();
	}

}
