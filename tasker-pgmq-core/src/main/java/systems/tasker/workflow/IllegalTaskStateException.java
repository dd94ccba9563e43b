/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.Serial;
import java.util.UUID;

/**
 * A task cannot be advanced, finalized, resolved or cancelled from where it is. Nothing
 * was written.
 */
public final class IllegalTaskStateException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private IllegalTaskStateException(String message) {
		super(message);
	}

	static IllegalTaskStateException uninitialized(UUID task) {
		return new IllegalTaskStateException("Task %s has no state: initialize it first".formatted(task));
	}

	static IllegalTaskStateException pending(UUID task) {
		return new IllegalTaskStateException("Task %s is pending: advance it first".formatted(task));
	}

	static IllegalTaskStateException noRoute(UUID task, TaskState from, TaskState to) {
		return new IllegalTaskStateException("Task %s is in %s, from which it cannot be finalized as %s".formatted(task,
				from.sqlName(), to.sqlName()));
	}

}
