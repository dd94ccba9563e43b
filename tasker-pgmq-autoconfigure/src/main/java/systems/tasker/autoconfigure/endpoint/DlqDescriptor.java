/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import systems.tasker.autoconfigure.messaging.QueueDepth;
import systems.tasker.autoconfigure.messaging.QueueDepthReport;
import systems.tasker.workflow.DlqDashboardRow;

/**
 * What the endpoint tells about the DLQ.
 *
 * @param entries an {@link Entries}, or an {@link Unknown}
 * @param queues a {@link Queues}, or an {@link Unknown}
 */
record DlqDescriptor(Object entries, Object queues) implements OperationResponseBody {

	private static final String KNOWN = "known";

	private static final String UNKNOWN = "unknown";

	static Object entries(List<DlqDashboardRow> rows) {
		return new Entries(KNOWN, rows.stream().map(Reason::of).toList());
	}

	static Object queues(QueueDepthReport report) {
		Optional<Object> depths = report.queues()
			.map((queues) -> new Queues(KNOWN, queues.stream().map(Queue::of).toList()));
		return depths.orElseGet(() -> unknown(report.unknown().orElse("")));
	}

	static Object unknown(String reason) {
		return new Unknown(UNKNOWN, reason);
	}

	/**
	 * The entries.
	 *
	 * @param status {@code known}
	 * @param reasons the entries by reason
	 */
	record Entries(String status, List<Reason> reasons) {

	}

	/**
	 * The entries that have one reason.
	 *
	 * @param reason the reason in lower case
	 * @param totalEntries all of them
	 * @param pending those that are open
	 * @param manuallyResolved those that an operator repaired
	 * @param permanentFailures those that will never be done
	 * @param cancelled those that need not be done
	 * @param oldestEntry when the first was made
	 * @param newestEntry when the last was made
	 * @param avgResolutionTimeMinutes how long one is open on average
	 */
	record Reason(String reason, long totalEntries, long pending, long manuallyResolved, long permanentFailures,
			long cancelled, Instant oldestEntry, Instant newestEntry, BigDecimal avgResolutionTimeMinutes) {

		static Reason of(DlqDashboardRow row) {
			return new Reason(row.reason().sqlName(), row.totalEntries(), row.pending(), row.manuallyResolved(),
					row.permanentFailures(), row.cancelled(), row.oldestEntry(), row.newestEntry(),
					row.avgResolutionTimeMinutes());
		}

	}

	/**
	 * The queues.
	 *
	 * @param status {@code known}
	 * @param depths the queues there are
	 */
	record Queues(String status, List<Queue> depths) {

	}

	/**
	 * A queue.
	 *
	 * @param queue its name
	 * @param depth all messages, or {@code unknown}
	 * @param visible messages that are due, or {@code unknown}
	 * @param error why it cannot be read
	 */
	record Queue(String queue, Object depth, Object visible, @Nullable String error) {

		static Queue of(QueueDepth depth) {
			return new Queue(depth.queue(), figure(depth.depth()), figure(depth.visible()), depth.error().orElse(null));
		}

		private static Object figure(OptionalLong figure) {
			return figure.isPresent() ? figure.getAsLong() : UNKNOWN;
		}

	}

	/**
	 * Stands for what is not known.
	 *
	 * @param status {@code unknown}
	 * @param reason why, without secrets
	 */
	record Unknown(String status, String reason) {

	}

}
