/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import systems.tasker.database.PgmqDataSource;
import systems.tasker.workflow.StalledStep;

/**
 * Knows of which steps a queue has a message.
 */
@Repository
class QueuedSteps {

	private final JdbcClient jdbcClient;

	QueuedSteps(@PgmqDataSource JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Find steps that will not be heard of again: a queue has no message of them, be it
	 * waiting, being handled or put aside in the archive.
	 * @param queue the name of the queue
	 * @param steps steps that should have a message
	 * @return those that have none
	 */
	List<StalledStep> withoutMessage(String queue, List<StalledStep> steps) {
		if (steps.isEmpty()) {
			return steps;
		}
		Set<UUID> queued = new HashSet<>(this.jdbcClient.sql("""
				with messages as (
				  select q.message from pgmq.q_%1$s q
				  union all
				  select a.message from pgmq.a_%1$s a)
				select (m.message ->> 'step_uuid')::uuid from messages m where m.message ->> 'step_uuid' in (:steps)
				""".formatted(queue))
			.param("steps", steps.stream().map((step) -> step.stepUuid().toString()).toList())
			.query(UUID.class)
			.list());
		return steps.stream().filter((step) -> !queued.contains(step.stepUuid())).toList();
	}

}
