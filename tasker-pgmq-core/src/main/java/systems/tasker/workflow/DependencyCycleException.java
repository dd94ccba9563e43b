/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.Serial;
import java.util.List;

/**
 * The steps of a template depend on each other in a circle.
 */
public final class DependencyCycleException extends IllegalArgumentException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The names of the steps. */
	private final transient List<String> cycle;

	DependencyCycleException(List<String> cycle) {
		super("Steps depend on each other in a circle: " + String.join(" after ", cycle));
		this.cycle = cycle;
	}

	/**
	 * Return the circle.
	 * @return names of steps, each of which depends on the next; the last is the first
	 */
	public List<String> cycle() {
		return this.cycle;
	}

}
