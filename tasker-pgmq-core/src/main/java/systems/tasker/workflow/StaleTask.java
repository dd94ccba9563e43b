/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A task that had been in one state for too long, or had become too old, and what became
 * of it.
 *
 * @param taskUuid the task
 * @param namespace the namespace of its template
 * @param name the name of its template
 * @param state the state it was found in
 * @param timeInStateMinutes for how long it was in that state, in minutes
 * @param thresholdMinutes for how long it may be, in minutes
 * @param action what was done
 * @param movedToDlq whether this sweep made an entry in the DLQ; another program may have
 * made one meanwhile
 * @param movedToError whether this sweep moved it to {@code ERROR}; another program may
 * have moved it meanwhile
 */
public record StaleTask(UUID taskUuid, String namespace, String name, TaskState state, int timeInStateMinutes,
		int thresholdMinutes, StaleTaskAction action, boolean movedToDlq, boolean movedToError) {

	static StaleTask read(ResultSet row, int number) throws SQLException {
		return new StaleTask(Rows.uuid(row, "task_uuid"), row.getString("namespace_name"), row.getString("task_name"),
				TaskState.of(row.getString("current_state")), row.getInt("time_in_state_minutes"),
				row.getInt("staleness_threshold_minutes"), StaleTaskAction.of(row.getString("action_taken")),
				row.getBoolean("moved_to_dlq"), row.getBoolean("transition_success"));
	}

}
