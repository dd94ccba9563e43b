/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.MessageId;

/**
 * Decides when and by whom sent messages are announced.
 */
final class MessageAnnouncer implements AutoCloseable {

	private final PgmqDatabase database;

	private final NotifyMode mode;

	private final @Nullable CoalescingNotifier notifier;

	MessageAnnouncer(PgmqDatabase database, NotifyMode mode, Duration interval) {
		this.database = database;
		this.mode = mode;
		this.notifier = (mode == NotifyMode.COALESCED) ? new CoalescingNotifier(database, interval) : null;
	}

	/**
	 * Return whether the statement that sends must also notify. So it must, whatever the
	 * price, in a transaction of whose end nobody will tell.
	 * @param joined whether the statement joins a transaction of the caller
	 * @return {@code false} when {@link #sent} does what is to be done
	 */
	boolean isPartOfSend(boolean joined) {
		return switch (this.mode) {
			case TRANSACTIONAL -> true;
			case COALESCED -> joined && !this.database.hearsCallersCommit();
			case OFF -> false;
		};
	}

	/**
	 * Take note of messages that were sent without a notification.
	 * @param joined whether they were sent in a transaction of the caller
	 * @param queue the queue they are in
	 * @param delay after how many seconds they become visible
	 * @param ids their ids
	 */
	void sent(boolean joined, String queue, int delay, List<MessageId> ids) {
		if (this.notifier == null) {
			return;
		}
		if (joined) {
			CommitMarks.current(this.notifier).add(queue, delay, ids);
		}
		else {
			this.notifier.mark(MarkedMessages.of(queue, delay, ids));
		}
	}

	@Override
	public void close() {
		if (this.notifier != null) {
			this.notifier.close();
		}
	}

}
