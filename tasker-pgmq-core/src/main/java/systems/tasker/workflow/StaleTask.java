/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A task that has been in one state for too long, or has become too old.
 *
 * @param taskUuid the task
 * @param namespace the namespace of its template
 * @param name the name of its template
 * @param state its state
 * @param timeInStateMinutes for how long it is in that state, in minutes
 * @param thresholdMinutes for how long it may be, in minutes
 * @param taskAgeMinutes how old it is, in minutes
 */
public record StaleTask(UUID taskUuid, String namespace, String name, TaskState state, BigDecimal timeInStateMinutes,
		int thresholdMinutes, BigDecimal taskAgeMinutes) {

	static StaleTask read(ResultSet row, int number) throws SQLException {
		return new StaleTask(Rows.uuid(row, "task_uuid"), row.getString("namespace_name"), row.getString("task_name"),
				TaskState.of(row.getString("current_state")), row.getBigDecimal("time_in_state_minutes"),
				row.getInt("threshold_minutes"), row.getBigDecimal("task_age_minutes"));
	}

}
