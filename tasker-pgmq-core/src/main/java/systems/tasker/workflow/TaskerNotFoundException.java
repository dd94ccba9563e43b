/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.Serial;
import java.util.UUID;

/**
 * A template, task, step or entry of the DLQ does not exist. The message says which.
 */
public final class TaskerNotFoundException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private TaskerNotFoundException(String what) {
		super(what + " does not exist");
	}

	static TaskerNotFoundException template(String namespace, String name, String version) {
		return new TaskerNotFoundException("Task template %s/%s %s".formatted(namespace, name, version));
	}

	static TaskerNotFoundException task(UUID task) {
		return new TaskerNotFoundException("Task " + task);
	}

	static TaskerNotFoundException step(UUID step) {
		return new TaskerNotFoundException("Step " + step);
	}

	static TaskerNotFoundException dlqEntry(UUID entry) {
		return new TaskerNotFoundException("DLQ entry " + entry);
	}

}
