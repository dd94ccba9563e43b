/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.messages.StepMessage;
import systems.tasker.workflow.StepState;

/**
 * Finds steps that have been in one state for too long.
 */
@Repository
class StalledSteps {

	private final JdbcClient jdbcClient;

	StalledSteps(@TaskerDataSource JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Find steps, and lock them until the transaction ends, if there is one.
	 * @param age for how long they must be in their state
	 * @param max the largest number of steps
	 * @param states the states
	 * @return the steps that nobody else has locked, those first that wait longest
	 */
	List<StepMessage> find(Duration age, int max, StepState... states) {
		return this.jdbcClient.sql("""
				select s.task_uuid, s.workflow_step_uuid as step_uuid, t.correlation_id
				from tasker.tasks t
				join tasker.workflow_steps s on s.task_uuid = t.task_uuid
				join tasker.workflow_step_transitions tr
				  on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
				where not t.complete and not s.processed and tr.to_state = any (:states::text[])
				  and tr.created_at < timezone('utc', now()) - make_interval(secs => :seconds)
				order by tr.created_at
				limit :max
				for no key update of s skip locked
				""")
			.param("states", Arrays.stream(states).map(StepState::sqlName).collect(Collectors.joining(",", "{", "}")))
			.param("seconds", age.toMillis() / 1000.0)
			.param("max", max)
			.query(StepMessage.class)
			.list();
	}

}
