/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Whether a step can run now, and why not.
 *
 * @param stepUuid the step
 * @param taskUuid its task
 * @param namedStepUuid its named step
 * @param name the name of that
 * @param state its state, {@code PENDING} if it has none
 * @param dependenciesSatisfied whether all parents are complete or resolved
 * @param retryEligible whether it has an attempt left
 * @param ready whether it can run now
 * @param lastFailureAt when it last went into {@code ERROR}
 * @param nextRetryAt when a pause ends or ended, if there was one
 * @param totalParents the number of incoming edges
 * @param completedParents those whose parent is complete or resolved
 * @param attempts how often it was claimed
 * @param maxAttempts how often it may be
 * @param backoffSeconds the pause that was asked for last
 * @param lastAttemptedAt when it was last claimed, or a pause was last asked for
 */
public record StepReadiness(UUID stepUuid, UUID taskUuid, UUID namedStepUuid, String name, StepState state,
		boolean dependenciesSatisfied, boolean retryEligible, boolean ready, @Nullable Instant lastFailureAt,
		@Nullable Instant nextRetryAt, int totalParents, int completedParents, int attempts, int maxAttempts,
		@Nullable Integer backoffSeconds, @Nullable Instant lastAttemptedAt) {

	static StepReadiness read(ResultSet row, int number) throws SQLException {
		return new StepReadiness(Rows.uuid(row, "workflow_step_uuid"), Rows.uuid(row, "task_uuid"),
				Rows.uuid(row, "named_step_uuid"), row.getString("name"), StepState.of(row.getString("current_state")),
				row.getBoolean("dependencies_satisfied"), row.getBoolean("retry_eligible"),
				row.getBoolean("ready_for_execution"), Rows.instant(row, "last_failure_at"),
				Rows.instant(row, "next_retry_at"), row.getInt("total_parents"), row.getInt("completed_parents"),
				row.getInt("attempts"), row.getInt("max_attempts"), Rows.integer(row, "backoff_request_seconds"),
				Rows.instant(row, "last_attempted_at"));
	}

}
