/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Asks the orchestration to finalize a task.
 *
 * @param taskUuid the task
 * @param namespace the namespace of the task
 * @param correlationId ties together what belongs to one request
 * @param reason why, if there is more to say
 */
@WireFormat
public record TaskFinalizationMessage(@JsonSerialize(using = ToStringSerializer.class) UUID taskUuid, String namespace,
		@JsonSerialize(using = ToStringSerializer.class) UUID correlationId, @Nullable String reason) {

	/**
	 * Create a message.
	 * @param taskUuid the task
	 * @param namespace the namespace of the task
	 * @param correlationId ties together what belongs to one request
	 * @param reason why
	 * @throws IllegalArgumentException if one of the first three is missing
	 */
	public TaskFinalizationMessage {
		Fields.required("task_uuid", taskUuid);
		Fields.text("namespace", namespace);
		Fields.required("correlation_id", correlationId);
	}

}
