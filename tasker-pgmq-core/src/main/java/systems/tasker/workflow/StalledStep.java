/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

import systems.tasker.messages.StepMessage;

/**
 * A step that has been in one state for too long.
 *
 * @param stepUuid the step
 * @param taskUuid its task
 * @param correlationId the correlation of its task
 * @param state the state it is in
 * @param attempts how often it was claimed
 */
public record StalledStep(UUID stepUuid, UUID taskUuid, UUID correlationId, StepState state, int attempts) {

	/**
	 * Return what a message to the workers says.
	 * @return the message
	 */
	public StepMessage message() {
		return new StepMessage(this.taskUuid, this.stepUuid, this.correlationId);
	}

	static StalledStep read(ResultSet row, int number) throws SQLException {
		return new StalledStep(Rows.uuid(row, "workflow_step_uuid"), Rows.uuid(row, "task_uuid"),
				Rows.uuid(row, "correlation_id"), StepState.of(row.getString("to_state")), row.getInt("attempts"));
	}

}
