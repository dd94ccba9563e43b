/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Why a step changes its state. It goes into the history.
 *
 * @param type names the event, for example {@code WaitForRetry}
 * @param data what belongs to it: anything the mapper encodes. The result of the step if
 * that enters a state in which it has one
 * @param workerUuid the worker, if one does it
 */
public record StepEvent(String type, @Nullable Object data, @Nullable UUID workerUuid) {

	/**
	 * Create an event.
	 * @param type names the event
	 * @param data what belongs to it
	 * @param workerUuid the worker
	 * @throws IllegalArgumentException if {@code type} is {@code null}
	 */
	public StepEvent {
		Arguments.required("type", type);
	}

	/**
	 * Create an event that no worker is behind.
	 * @param type names the event
	 * @param data what belongs to it
	 * @return the event
	 */
	public static StepEvent of(String type, @Nullable Object data) {
		return new StepEvent(type, data, null);
	}

}
