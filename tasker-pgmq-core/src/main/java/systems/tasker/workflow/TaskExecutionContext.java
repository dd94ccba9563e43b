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
 * A task, seen from its steps.
 *
 * @param taskUuid the task
 * @param namedTaskUuid its template
 * @param state the state of the task, {@code PENDING} if it has none
 * @param totalSteps steps in any state
 * @param pendingSteps steps in {@code PENDING}
 * @param inProgressSteps steps in {@code IN_PROGRESS}
 * @param completedSteps steps in {@code COMPLETE} or {@code RESOLVED_MANUALLY}
 * @param failedSteps steps in {@code ERROR}
 * @param readySteps steps that can run now
 * @param enqueuedSteps steps that wait for a worker or for the orchestration
 * @param executionStatus what follows from these numbers
 * @param recommendedAction what to do, in the words of the database
 * @param completionPercentage completed steps in percent of all, with two decimals
 * @param healthStatus {@code blocked} or {@code healthy}; other programs may know more
 */
public record TaskExecutionContext(UUID taskUuid, UUID namedTaskUuid, TaskState state, long totalSteps,
		long pendingSteps, long inProgressSteps, long completedSteps, long failedSteps, long readySteps,
		long enqueuedSteps, ExecutionStatus executionStatus, String recommendedAction, BigDecimal completionPercentage,
		String healthStatus) {

	static TaskExecutionContext read(ResultSet row, int number) throws SQLException {
		return new TaskExecutionContext(Rows.uuid(row, "task_uuid"), Rows.uuid(row, "named_task_uuid"),
				TaskState.of(row.getString("status")), row.getLong("total_steps"), row.getLong("pending_steps"),
				row.getLong("in_progress_steps"), row.getLong("completed_steps"), row.getLong("failed_steps"),
				row.getLong("ready_steps"), row.getLong("enqueued_steps"),
				ExecutionStatus.of(row.getString("execution_status")), row.getString("recommended_action"),
				row.getBigDecimal("completion_percentage"), row.getString("health_status"));
	}

}
