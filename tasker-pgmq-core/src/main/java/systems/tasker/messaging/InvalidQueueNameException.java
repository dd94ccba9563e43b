/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

/**
 * A name breaks the rule of {@link QueueName}.
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
		super("Invalid queue name \"" + name + "\": " + reason, false, null);
	}

}
