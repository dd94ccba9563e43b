/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import org.jspecify.annotations.Nullable;

/**
 * How far a worker has come with a step.
 *
 * @param cursor where to go on: anything the mapper encodes
 * @param itemsProcessed how many items are done, not negative
 * @param accumulatedResults what was made of them: anything the mapper encodes
 */
public record Checkpoint(@Nullable Object cursor, long itemsProcessed, @Nullable Object accumulatedResults) {

	/**
	 * Create a checkpoint.
	 * @param cursor where to go on
	 * @param itemsProcessed how many items are done
	 * @param accumulatedResults what was made of them
	 * @throws IllegalArgumentException if {@code itemsProcessed} is negative
	 */
	public Checkpoint {
		if (itemsProcessed < 0) {
			throw new IllegalArgumentException("itemsProcessed must not be negative, but is " + itemsProcessed);
		}
	}

}
