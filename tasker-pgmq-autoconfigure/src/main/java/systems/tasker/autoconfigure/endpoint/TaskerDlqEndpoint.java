/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

import systems.tasker.autoconfigure.endpoint.DatabaseDescriptor.Unreadable;

/**
 * {@link Endpoint @Endpoint} that tells how many entries the DLQ has and how deep the
 * queues are. It answers within a second or so, whatever the state of the databases.
 */
@Endpoint(id = "taskerDlq")
final class TaskerDlqEndpoint {

	private final Question entries;

	private final Question queues;

	TaskerDlqEndpoint(Question entries, Question queues) {
		this.entries = entries;
		this.queues = queues;
	}

	@ReadOperation
	DlqDescriptor dlq() {
		return new DlqDescriptor(answer(this.entries), answer(this.queues));
	}

	private static Object answer(Question question) {
		Object answer = question.answer();
		return (answer instanceof Unreadable unreadable) ? DlqDescriptor.unknown(unreadable.error()) : answer;
	}

}
