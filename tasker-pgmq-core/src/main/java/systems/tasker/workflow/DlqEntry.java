/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An open entry of the DLQ. Namespace, name and current state are those of the moment it
 * was made.
 *
 * @param entryUuid the entry
 * @param taskUuid the task
 * @param originalState the state in which the task was found
 * @param reason why it is there
 * @param enteredAt since when
 * @param minutesInDlq for how long, in minutes
 * @param namespace the namespace of the task
 * @param taskName the name of its template
 * @param currentState its state
 * @param timeInStateMinutes how long it had been in that state, in minutes
 * @param priorityScore how urgent the entry is
 */
public record DlqEntry(UUID entryUuid, UUID taskUuid, String originalState, DlqReason reason, Instant enteredAt,
		BigDecimal minutesInDlq, @Nullable String namespace, @Nullable String taskName, @Nullable String currentState,
		@Nullable Integer timeInStateMinutes, BigDecimal priorityScore) {

	static DlqEntry read(ResultSet row, int number) throws SQLException {
		return new DlqEntry(Rows.uuid(row, "dlq_entry_uuid"), Rows.uuid(row, "task_uuid"),
				row.getString("original_state"), DlqReason.of(row.getString("dlq_reason")),
				Objects.requireNonNull(Rows.instant(row, "dlq_timestamp")), row.getBigDecimal("minutes_in_dlq"),
				row.getString("namespace_name"), row.getString("task_name"), row.getString("current_state"),
				Rows.integer(row, "time_in_state_minutes"), row.getBigDecimal("priority_score"));
	}

}
