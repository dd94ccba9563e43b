/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

/**
 * A call that is about messages: what is done, with which queue, and how many messages it
 * was about.
 */
public final class MessageCall {

	private final MessageOperation operation;

	private final String queue;

	private final String provider;

	private int messageCount;

	private boolean over;

	MessageCall(MessageOperation operation, String queue, String provider, int messageCount) {
		this.operation = operation;
		this.queue = queue;
		this.provider = provider;
		this.messageCount = messageCount;
	}

	/**
	 * Return what is done.
	 * @return the operation
	 */
	public MessageOperation operation() {
		return this.operation;
	}

	/**
	 * Return the name of the queue as the caller gave it: there may be no such queue, and
	 * the name may even be invalid.
	 * @return the name
	 */
	public String queue() {
		return this.queue;
	}

	/**
	 * Return what carries the messages.
	 * @return the name of the provider, such as {@code pgmq}
	 */
	public String provider() {
		return this.provider;
	}

	/**
	 * Return how many messages were sent, received, settled or handled. Until the call
	 * returns, and when it fails, this is how many it was to be, or 1 when that is open.
	 * @return the number of messages, zero or more
	 */
	public int messageCount() {
		return this.messageCount;
	}

	boolean isOver() {
		return this.over;
	}

	void returned(int messageCount) {
		this.messageCount = messageCount;
		this.over = true;
	}

}
