/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.ArrayDeque;
import java.util.Deque;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Marks the messages of the caller's transaction once it has committed, without those
 * that a rollback to a savepoint took back.
 */
final class CommitMarks implements TransactionSynchronization {

	private final CoalescingNotifier notifier;

	private final Deque<Section> sections = new ArrayDeque<>();

	private CommitMarks(CoalescingNotifier notifier) {
		this.notifier = notifier;
		begin(this);
	}

	/**
	 * Return the marks of the current transaction, whose commit somebody must announce.
	 * @param notifier where to mark the messages after the commit
	 * @return what takes the messages sent next
	 */
	static MarkedMessages current(CoalescingNotifier notifier) {
		CommitMarks marks = (CommitMarks) TransactionSynchronizationManager.getResource(notifier);
		if (marks == null) {
			marks = new CommitMarks(notifier);
			TransactionSynchronizationManager.registerSynchronization(marks);
			TransactionSynchronizationManager.bindResource(notifier, marks);
		}
		return marks.sections.getLast().messages();
	}

	private void begin(Object savepoint) {
		this.sections.addLast(new Section(savepoint, new MarkedMessages()));
	}

	@Override
	public void savepoint(Object savepoint) {
		begin(savepoint);
	}

	@Override
	public void savepointRollback(Object savepoint) {
		// One that is not known was set before the first message.
		while (!this.sections.isEmpty() && this.sections.removeLast().savepoint() != savepoint) {
			continue;
		}
		begin(savepoint);
	}

	@Override
	public void suspend() {
		TransactionSynchronizationManager.unbindResource(this.notifier);
	}

	@Override
	public void resume() {
		TransactionSynchronizationManager.bindResource(this.notifier, this);
	}

	// Unlike afterCommit(), this is called whatever else fails after the commit.
	@Override
	public void afterCompletion(int status) {
		TransactionSynchronizationManager.unbindResourceIfPossible(this.notifier);
		if (status == STATUS_COMMITTED) {
			MarkedMessages all = new MarkedMessages();
			this.sections.forEach((section) -> all.addAll(section.messages()));
			this.notifier.mark(all);
		}
	}

	/**
	 * What was sent after a savepoint, or after the transaction began, and before the
	 * next savepoint.
	 *
	 * @param savepoint identifies the savepoint
	 * @param messages the messages
	 */
	private record Section(Object savepoint, MarkedMessages messages) {
	}

}
