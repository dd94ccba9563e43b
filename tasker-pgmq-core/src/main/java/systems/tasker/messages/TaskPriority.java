/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How urgent a {@link TaskRequestMessage} is among others. The priority of the task
 * itself is in its {@link TaskRequest}.
 */
public enum TaskPriority {

	/** Can wait. */
	LOW("Low"),

	/** The default. */
	NORMAL("Normal"),

	/** Before others. */
	HIGH("High"),

	/** Before all others. */
	URGENT("Urgent");

	private final String json;

	TaskPriority(String json) {
		this.json = json;
	}

	@JsonValue
	String json() {
		return this.json;
	}

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	static TaskPriority of(String json) {
		for (TaskPriority priority : values()) {
			if (priority.json.equals(json)) {
				return priority;
			}
		}
		throw new IllegalArgumentException("priority must be Low, Normal, High or Urgent, but is " + json);
	}

}
