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

/**
 * The entries of the DLQ that have one reason.
 *
 * @param reason the reason
 * @param totalEntries all of them
 * @param pending those that are open
 * @param manuallyResolved those that an operator repaired
 * @param permanentFailures those that will never be done
 * @param cancelled those that need not be done
 * @param oldestEntry when the first was made
 * @param newestEntry when the last was made
 * @param avgResolutionTimeMinutes how long one is open on average, in minutes; an open
 * one counts with its age
 */
public record DlqDashboardRow(DlqReason reason, long totalEntries, long pending, long manuallyResolved,
		long permanentFailures, long cancelled, Instant oldestEntry, Instant newestEntry,
		BigDecimal avgResolutionTimeMinutes) {

	static DlqDashboardRow read(ResultSet row, int number) throws SQLException {
		return new DlqDashboardRow(DlqReason.of(row.getString("dlq_reason")), row.getLong("total_entries"),
				row.getLong("pending"), row.getLong("manually_resolved"), row.getLong("permanent_failures"),
				row.getLong("cancelled"), Objects.requireNonNull(Rows.instant(row, "oldest_entry")),
				Objects.requireNonNull(Rows.instant(row, "newest_entry")),
				row.getBigDecimal("avg_resolution_time_minutes"));
	}

}
