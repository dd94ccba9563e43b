/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.ReceiptHandle;

/**
 * Our receipt handles: the name of the queue and the id of the message. Ids start at 1 in
 * each queue, so that a handle without the name would settle some other message when it
 * is used with the wrong queue. Any other text was given out by somebody else and names
 * no message of ours.
 */
final class MessageHandle {

	private static final long NO_MESSAGE = 0;

	private MessageHandle() {
	}

	static ReceiptHandle of(String queue, MessageId id) {
		return new ReceiptHandle(queue + "/" + id);
	}

	/**
	 * Return the id of the message.
	 * @param queue the name of the queue
	 * @param handle any handle
	 * @return the id, or one that no message has
	 */
	static long id(String queue, ReceiptHandle handle) {
		try {
			MessageId id = new MessageId(Long.parseLong(handle.value().substring(handle.value().indexOf('/') + 1)));
			// "007" and "+7" are not ours.
			return of(queue, id).equals(handle) ? id.value() : NO_MESSAGE;
		}
		catch (NumberFormatException ex) {
			return NO_MESSAGE;
		}
	}

}
