/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A step that a worker has claimed. What comes from JSON is made of maps, lists, strings,
 * numbers and booleans; a number with a fraction is a {@code BigDecimal}.
 *
 * @param stepUuid the step
 * @param taskUuid its task
 * @param correlationId ties together what belongs to the request for the task
 * @param name the name of the step in its template: what there is to do
 * @param attempts how often it was claimed, this time included
 * @param context the input of the task
 * @param inputs what another program has stored for this step alone, if anything
 * @param checkpoint how far an earlier attempt came, a map, if it has said so
 */
public record ClaimedStep(UUID stepUuid, UUID taskUuid, UUID correlationId, String name, int attempts,
		@Nullable Object context, @Nullable Object inputs, @Nullable Object checkpoint) {

}
