/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.ReceiptHandle;

/**
 * A message as a row of a queue table holds it.
 *
 * @param id the id of the message
 * @param handle names the message and its queue
 * @param enqueuedAt when the message was sent
 * @param visibleAt when the message can be received
 * @param receiveCount how often the message was received
 * @param payload the JSON of the payload
 * @param headers the JSON of the headers, if any
 */
record StoredMessage(MessageId id, ReceiptHandle handle, Instant enqueuedAt, Instant visibleAt, int receiveCount,
		String payload, @Nullable String headers) {

	boolean isVisible(Instant now) {
		return !this.visibleAt.isAfter(now);
	}

	StoredMessage received(Instant visibleAgainAt) {
		return new StoredMessage(this.id, this.handle, this.enqueuedAt, visibleAgainAt, this.receiveCount + 1,
				this.payload, this.headers);
	}

	StoredMessage hidden(Instant until) {
		return new StoredMessage(this.id, this.handle, this.enqueuedAt, until, this.receiveCount, this.payload,
				this.headers);
	}

}
