/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.List;

import systems.tasker.messaging.MessagingException;

/**
 * Thrown when the queues named in the configuration cannot be created at start.
 */
class QueueCreationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	QueueCreationException(List<String> queues, MessagingException cause) {
		super("The queues of tasker.messaging.queues %s cannot be created: %s".formatted(queues, cause.getMessage()),
				cause);
	}

}
