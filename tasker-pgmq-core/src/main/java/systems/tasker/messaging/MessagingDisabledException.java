/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.io.Serial;

/**
 * Messaging is switched off.
 */
public final class MessagingDisabledException extends MessagingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an error.
	 * @param reason why messaging is switched off, a sentence without full stop
	 */
	public MessagingDisabledException(String reason) {
		super(reason, false, null);
	}

}
