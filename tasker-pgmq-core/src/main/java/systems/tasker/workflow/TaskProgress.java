/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;

import systems.tasker.messages.StepMessage;

/**
 * What became of a task that was to go on.
 *
 * @param state its state
 * @param enqueued what messages to the workers say, one for each step that was enqueued;
 * nobody has sent them
 */
public record TaskProgress(TaskState state, List<StepMessage> enqueued) {

	/**
	 * Create a progress with a copy of the list.
	 * @param state the state of the task
	 * @param enqueued what messages to the workers say
	 */
	public TaskProgress {
		enqueued = List.copyOf(enqueued);
	}

}
