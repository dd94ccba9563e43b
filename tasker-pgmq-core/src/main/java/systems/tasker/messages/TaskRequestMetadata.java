/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Who sent a {@link TaskRequestMessage} and when.
 *
 * @param requestedAt when the message was made
 * @param requester who made it
 * @param priority how urgent it is among other messages
 * @param custom anything else, never {@code null}
 */
@WireFormat
public record TaskRequestMetadata(@JsonSerialize(using = ToStringSerializer.class) Instant requestedAt,
		String requester, TaskPriority priority, Map<String, @Nullable Object> custom) {

	/**
	 * Create metadata with a copy of the map.
	 * @param requestedAt when the message was made
	 * @param requester who made it
	 * @param priority how urgent it is among other messages
	 * @param custom anything else, {@code null} for nothing
	 * @throws IllegalArgumentException if one of the others is {@code null}
	 */
	public TaskRequestMetadata {
		Fields.required("requested_at", requestedAt);
		Fields.required("requester", requester);
		Fields.required("priority", priority);
		custom = Fields.map(custom);
	}

}
