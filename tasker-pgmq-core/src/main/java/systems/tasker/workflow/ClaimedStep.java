/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A step that a worker has claimed.
 *
 * @param stepUuid the step
 * @param taskUuid its task
 * @param attempts how often it was claimed, this time included
 * @param inputs its input, made of maps, lists, strings, numbers and booleans
 * @param checkpoint how far an earlier attempt came, a map, if it has said so
 */
public record ClaimedStep(UUID stepUuid, UUID taskUuid, int attempts, @Nullable Object inputs,
		@Nullable Object checkpoint) {

}
