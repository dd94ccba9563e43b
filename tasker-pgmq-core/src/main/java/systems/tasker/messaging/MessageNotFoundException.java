/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

/**
 * The message of a receipt handle is unknown, or was settled already.
 */
public final class MessageNotFoundException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an error.
	 * @param queue the name of the queue
	 * @param handle the handle
	 */
	public MessageNotFoundException(String queue, ReceiptHandle handle) {
		super("No message \"" + handle + "\" in queue \"" + queue + "\"; it may have been settled already", false,
				null);
	}

}
