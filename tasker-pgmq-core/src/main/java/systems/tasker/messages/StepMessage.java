/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.UUID;

/**
 * Tells a worker that a step is ready. What is to be done is in the Tasker database.
 *
 * @param taskUuid the task
 * @param stepUuid the step of the task
 * @param correlationId ties together what belongs to one request
 */
@WireFormat
public record StepMessage(UUID taskUuid, UUID stepUuid, UUID correlationId) {

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
