/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.Instant;
import java.util.Map;

/**
 * Asks the orchestration to create a task.
 *
 * @param requestId names the message
 * @param taskRequest the task to create
 * @param metadata who asks and when
 */
@WireFormat
public record TaskRequestMessage(String requestId, TaskRequest taskRequest, TaskRequestMetadata metadata) {

	/**
	 * Create a message.
	 * @param requestId names the message
	 * @param taskRequest the task to create
	 * @param metadata who asks and when
	 * @throws IllegalArgumentException if one of them is {@code null}
	 */
	public TaskRequestMessage {
		Fields.required("request_id", requestId);
		Fields.required("task_request", taskRequest);
		Fields.required("metadata", metadata);
	}

	/**
	 * Create a message of normal priority, made now, with a new id.
	 * @param taskRequest the task to create
	 * @param requester who asks
	 * @return the message
	 * @throws IllegalArgumentException if one of them is {@code null}
	 */
	public static TaskRequestMessage of(TaskRequest taskRequest, String requester) {
		return new TaskRequestMessage(UuidV7.create().toString(), taskRequest,
				new TaskRequestMetadata(Instant.now(), requester, TaskPriority.NORMAL, Map.of()));
	}

}
