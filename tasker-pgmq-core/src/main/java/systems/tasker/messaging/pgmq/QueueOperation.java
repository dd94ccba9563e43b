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

	SEND("send to"), RECEIVE("receive from"), SETTLE("settle a message of"), CREATE("create"), INSPECT("inspect"),

	MAINTAIN("maintain"), NOTIFY("announce messages of");

	private final String verb;

	QueueOperation(String verb) {
		this.verb = verb;
	}

	String failure(@Nullable String queue) {
		return "Cannot " + this.verb + ((queue != null) ? " queue \"" + queue + "\"" : " queues");
	}

}
