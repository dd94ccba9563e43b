/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many queues are told apart: a name made of data, such as that of a customer,
 * would else be a new set of meters each. The queues beyond the limit share a tag.
 */
final class QueueLimit {

	static final int MAX_QUEUES = 500;

	static final String OTHER = "other";

	private static final Logger logger = LoggerFactory.getLogger(QueueLimit.class);

	private final String what;

	private final int max;

	private final Set<String> queues = ConcurrentHashMap.newKeySet();

	private volatile boolean full;

	private boolean told;

	/**
	 * Create a limit.
	 * @param what what has the tags, for the log
	 * @param max how many queues have a tag of their own
	 */
	QueueLimit(String what, int max) {
		this.what = what;
		this.max = max;
	}

	/**
	 * Return the tag of a queue.
	 * @param queue the name of the queue
	 * @return the name, or {@value #OTHER}
	 */
	String tag(String queue) {
		return (this.queues.contains(queue) || (!this.full && admit(queue))) ? queue : OTHER;
	}

	/**
	 * Forget all queues but some, so that others can have their place.
	 * @param current the names of the queues to keep
	 */
	synchronized void retain(Set<String> current) {
		this.queues.retainAll(current);
		this.full = this.queues.size() >= this.max;
	}

	private synchronized boolean admit(String queue) {
		if (this.queues.size() < this.max) {
			this.queues.add(queue);
			return true;
		}
		this.full = true;
		if (!this.told) {
			this.told = true;
			logger.warn("{} tell {} queues apart; '{}' and all further ones have the tag queue={}", this.what, this.max,
					queue, OTHER);
		}
		return false;
	}

}
