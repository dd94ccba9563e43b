/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.util.List;

import systems.tasker.autoconfigure.messaging.QueueDepthReport;
import systems.tasker.workflow.DlqDashboardRow;

/**
 * What somebody has to look at, beside what is still on its way.
 *
 * @param reasons the entries of the DLQ, by reason; a reason without entries has no row
 * @param queues how deep the queues are, or why that is not known
 */
public record DlqDashboard(List<DlqDashboardRow> reasons, QueueDepthReport queues) {

	/**
	 * Create a dashboard with a copy of the list.
	 * @param reasons the entries of the DLQ, by reason
	 * @param queues how deep the queues are
	 */
	public DlqDashboard {
		reasons = List.copyOf(reasons);
	}

}
