/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import org.jspecify.annotations.Nullable;

/**
 * What we were doing when the database refused.
 */
enum QueueOperation {

	SEND("send to"), RECEIVE("receive from"), RECEIVE_DUE("receive from", "tasker_pgmq.read_due"),

	RECEIVE_BY_ID("receive from", "tasker_pgmq.pgmq_read_specific_message"), SETTLE("settle a message of"),

	ARCHIVE("archive a message of"), CREATE("create"), INSPECT("inspect"),
	INSPECT_STATS("inspect", "tasker_pgmq.queue_stats"),

	MAINTAIN("maintain"), NOTIFY("announce messages of");

	private final String verb;

	private final @Nullable String function;

	QueueOperation(String verb) {
		this(verb, null);
	}

	QueueOperation(String verb, @Nullable String function) {
		this.verb = verb;
		this.function = function;
	}

	/**
	 * Return the function of ours without which this cannot be done.
	 * @return its name, or {@code null} when PGMQ is enough
	 */
	@Nullable String function() {
		return this.function;
	}

	String failure(@Nullable String queue) {
		return "Cannot " + this.verb + ((queue != null) ? " queue \"" + queue + "\"" : " queues");
	}

}
