/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.util.function.Supplier;

import systems.tasker.autoconfigure.messaging.QueueDepthReport;
import systems.tasker.workflow.TaskerDatabase;

/**
 * What operators ask that concerns both databases.
 */
public final class TaskerOperations {

	private final TaskerDatabase tasker;

	private final Supplier<QueueDepthReport> queueDepths;

	TaskerOperations(TaskerDatabase tasker, Supplier<QueueDepthReport> queueDepths) {
		this.tasker = tasker;
		this.queueDepths = queueDepths;
	}

	/**
	 * Return the entries of the DLQ by reason together with the depths of all queues. An
	 * outage of the PGMQ database makes the queues unknown and costs at most a second.
	 * @return the dashboard
	 * @throws org.springframework.dao.DataAccessException if the Tasker database cannot
	 * be read
	 */
	public DlqDashboard dlqDashboard() {
		return new DlqDashboard(this.tasker.deadLetters().dashboard(), queueDepths());
	}

	/**
	 * Return how deep all queues are, at most a second old.
	 * @return the queues, or why they are not known, within a second; never throws
	 */
	public QueueDepthReport queueDepths() {
		return this.queueDepths.get();
	}

}
