/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.UUID;

import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Tells a worker that a step is ready. What is to be done is in the Tasker database.
 *
 * @param taskUuid the task
 * @param stepUuid the step of the task
 * @param correlationId ties together what belongs to one request
 */
@WireFormat
public record StepMessage(@JsonSerialize(using = ToStringSerializer.class) UUID taskUuid,
		@JsonSerialize(using = ToStringSerializer.class) UUID stepUuid,
		@JsonSerialize(using = ToStringSerializer.class) UUID correlationId) {

	/**
	 * Create a message.
	 * @param taskUuid the task
	 * @param stepUuid the step of the task
	 * @param correlationId ties together what belongs to one request
	 * @throws IllegalArgumentException if one of them is {@code null}
	 */
	public StepMessage {
		Fields.required("task_uuid", taskUuid);
		Fields.required("step_uuid", stepUuid);
		Fields.required("correlation_id", correlationId);
	}

}
