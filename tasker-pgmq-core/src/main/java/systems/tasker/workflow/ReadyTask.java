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
 * A task that can go on.
 *
 * @param taskUuid the task
 * @param name the name of its template
 * @param namespace the namespace of its template
 * @param priority its priority
 * @param computedPriority the priority that it was chosen by
 * @param state its state
 * @param readySteps how many steps can run now; 0 is possible while it is pending
 */
public record ReadyTask(UUID taskUuid, String name, String namespace, int priority, BigDecimal computedPriority,
		TaskState state, long readySteps) {

	static ReadyTask read(ResultSet row, int number) throws SQLException {
		return new ReadyTask(Rows.uuid(row, "task_uuid"), row.getString("task_name"), row.getString("namespace_name"),
				row.getInt("priority"), row.getBigDecimal("computed_priority"),
				TaskState.of(row.getString("current_state")), row.getLong("ready_steps_count"));
	}

}
