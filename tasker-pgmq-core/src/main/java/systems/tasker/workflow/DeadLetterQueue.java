/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The log of tasks that somebody has to look at. It is a table and no message queue.
 */
public final class DeadLetterQueue {

	private static final int MAX_NAME = 255;

	private final WorkflowSession session;

	DeadLetterQueue(WorkflowSession session) {
		this.session = session;
	}

	/**
	 * Make entries for stale tasks, and move these tasks to {@code ERROR}, unless
	 * somebody else is in the middle of a sweep; and count the open entries. An advisory
	 * lock that is held until the transaction ends lets one at a time sweep a database.
	 * @param limits when a task is stale
	 * @return what was done
	 */
	public DlqSweep sweep(StalenessLimits limits) {
		Arguments.required("limits", limits);
		return this.session.transactions().call(() -> {
			// By itself: the next statement has to see what the last holder has
			// committed.
			boolean locked = this.session.jdbc().sql("""
					select pg_try_advisory_xact_lock(hashtextextended('tasker.dlq_sweep', 0)) as locked
					""").query(Boolean.class).single();
			List<StaleTask> tasks = locked ? move(limits) : List.of();
			return new DlqSweep(!locked, tasks, countOpen());
		});
	}

	private List<StaleTask> move(StalenessLimits limits) {
		return this.session.jdbc()
			.sql("""
					select s.* from tasker.detect_and_transition_stale_tasks(
					  false, :batch::integer, :waiting_deps::integer, :waiting_retry::integer,
					  :steps_in_process::integer, :lifetime::integer) s
					""")
			.param("batch", limits.batchSize())
			.param("waiting_deps", limits.waitingForDependenciesMinutes())
			.param("waiting_retry", limits.waitingForRetryMinutes())
			.param("steps_in_process", limits.stepsInProcessMinutes())
			.param("lifetime", limits.maxLifetimeHours())
			.query(StaleTask::read)
			.list();
	}

	private long countOpen() {
		return this.session.jdbc().sql("""
				select count(*) as entries from tasker.tasks_dlq d where d.resolution_status = 'pending'
				""").query(Long.class).single();
	}

	/**
	 * Return open entries.
	 * @param limit how many at most
	 * @return the entries, the most urgent first
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public List<DlqEntry> open(int limit) {
		return this.session.jdbc().sql("""
				select q.* from tasker.v_dlq_investigation_queue q
				order by q.priority_score desc, q.dlq_entry_uuid limit :limit::integer
				""").param("limit", Arguments.notNegative("limit", limit)).query(DlqEntry::read).list();
	}

	/**
	 * Close an entry. The task stays as it is.
	 * @param entry the entry
	 * @param resolution how it was closed
	 * @param resolvedBy who did it, at most 255 characters
	 * @param notes what was done
	 * @return {@code false} if it is closed already; nothing was written
	 * @throws TaskerNotFoundException if there is no such entry
	 * @throws IllegalArgumentException if {@code resolvedBy} is blank or too long
	 */
	public boolean resolve(UUID entry, DlqResolution resolution, String resolvedBy, @Nullable String notes) {
		Arguments.required("entry", entry);
		Arguments.required("resolution", resolution);
		Arguments.text("resolvedBy", resolvedBy, MAX_NAME);
		Arguments.optionalText("notes", notes, Integer.MAX_VALUE);
		return this.session.transactions().call(() -> {
			boolean closed = close(entry, resolution, resolvedBy, notes);
			if (!closed) {
				require(entry);
			}
			return closed;
		});
	}

	private boolean close(UUID entry, DlqResolution resolution, String resolvedBy, @Nullable String notes) {
		return this.session.jdbc()
			.sql("""
					update tasker.tasks_dlq d
					set resolution_status = :resolution::tasker.dlq_resolution_status,
					  resolution_timestamp = timezone('utc', now()), resolved_by = :resolved_by,
					  resolution_notes = :notes
					where d.dlq_entry_uuid = :entry and d.resolution_status = 'pending'
					""")
			.param("resolution", resolution.sqlName())
			.param("resolved_by", resolvedBy)
			.param("notes", notes)
			.param("entry", entry)
			.update() > 0;
	}

	/**
	 * Return how many entries there are, by reason. A reason without entries has no row.
	 * @return the reasons, in the order of the database
	 */
	public List<DlqDashboardRow> dashboard() {
		return this.session.jdbc().sql("""
				select d.* from tasker.v_dlq_dashboard d order by d.dlq_reason
				""").query(DlqDashboardRow::read).list();
	}

	private void require(UUID entry) {
		this.session.jdbc()
			.sql("""
					select d.dlq_entry_uuid from tasker.tasks_dlq d where d.dlq_entry_uuid = :entry
					""")
			.param("entry", entry)
			.query(UUID.class)
			.optional()
			.orElseThrow(() -> TaskerNotFoundException.dlqEntry(entry));
	}

}
