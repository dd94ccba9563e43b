/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.Serial;
import java.util.UUID;

/**
 * A task with the same identity exists already. Nothing was written.
 */
public final class DuplicateTaskException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The task that exists. */
	private final UUID taskUuid;

	DuplicateTaskException(UUID taskUuid) {
		super("The task exists already: " + taskUuid);
		this.taskUuid = taskUuid;
	}

	/**
	 * Return the task that exists.
	 * @return its UUID
	 */
	public UUID taskUuid() {
		return this.taskUuid;
	}

}
