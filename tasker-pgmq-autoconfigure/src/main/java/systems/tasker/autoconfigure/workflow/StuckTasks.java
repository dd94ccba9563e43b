/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Tasks that sweep after sweep cannot move, so that each of them is told once. Only for
 * one thread.
 */
final class StuckTasks {

	// How many sweeps in a row could not move a task, up to the last sweep.
	private final Map<UUID, Integer> before = new HashMap<>();

	// The same with this sweep, which may find a task again in each batch.
	private final Map<UUID, Integer> now = new HashMap<>();

	// One failure is no news: another program may have moved the task between the moment
	// it was found and the attempt to move it. Then the next sweep does not find it.
	boolean isNews(UUID task) {
		int sweeps = this.before.getOrDefault(task, 0) + 1;
		return this.now.put(task, sweeps) == null && sweeps == 2;
	}

	// What a sweep does not find is stuck no more, if it has looked at all tasks.
	void sweepEnded(boolean complete) {
		if (complete) {
			this.before.clear();
		}
		this.before.putAll(this.now);
		this.now.clear();
	}

}
