/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

/**
 * How others hear that messages were sent. Whatever the mode, a notification is a hint:
 * nobody may rely on one.
 */
public enum NotifyMode {

	/**
	 * A background thread notifies after the commit, for many messages at once. Sends are
	 * as fast as without notifications.
	 */
	COALESCED,

	/**
	 * Each send notifies, and its commit delivers message and notification together.
	 * Sends to all databases of a server then commit one after the other.
	 */
	TRANSACTIONAL,

	/** Nobody is notified. */
	OFF

}
