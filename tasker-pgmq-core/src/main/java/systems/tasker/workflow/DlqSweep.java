/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;

/**
 * The result of {@link DeadLetterQueue#sweep}.
 *
 * @param skipped whether nothing was done because somebody else was sweeping
 * @param tasks the stale tasks that were found, and what became of each
 * @param openEntries how many entries of the DLQ are open now
 */
public record DlqSweep(boolean skipped, List<StaleTask> tasks, long openEntries) {

	/**
	 * Create a result with a copy of the list.
	 * @param skipped whether nothing was done
	 * @param tasks the stale tasks that were found
	 * @param openEntries how many entries are open now
	 */
	public DlqSweep {
		tasks = List.copyOf(tasks);
	}

}
