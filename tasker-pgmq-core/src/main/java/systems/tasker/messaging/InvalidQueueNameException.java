/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

/**
 * A name breaks the rule of {@link QueueName} or of {@link Namespace}.
 */
public final class InvalidQueueNameException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an error.
	 * @param name the name
	 * @param reason what is wrong with it
	 */
	public InvalidQueueNameException(String name, String reason) {
		this("queue name", name, reason);
	}

	InvalidQueueNameException(String what, String name, String reason) {
		super("Invalid " + what + " \"" + name + "\": " + reason, false, null);
	}

}
