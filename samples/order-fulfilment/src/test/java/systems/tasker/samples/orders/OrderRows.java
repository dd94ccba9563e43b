/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Looks at what the Tasker database says about orders.
 */
final class OrderRows {

	private final JdbcClient jdbcClient;

	OrderRows(TestDatabase database) {
		this(JdbcClient.create(database.dataSource()));
	}

	OrderRows(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Each step of each order that is fulfilled has had its effect once, in its last
	 * attempt.
	 */
	void assertEveryStepTookEffectOnce() {
		assertThat(this.jdbcClient.sql("""
				select s.task_uuid, n.name, s.attempts, array_agg(e.attempt)::text as effects
				from tasker.workflow_steps s
				join tasker.tasks t on t.task_uuid = s.task_uuid and t.complete
				join tasker.named_steps n using (named_step_uuid)
				left join shop.effects e on e.step_uuid = s.workflow_step_uuid
				group by s.workflow_step_uuid, n.name
				having count(e.attempt) <> 1 or max(e.attempt) <> s.attempts
				""").query().listOfRows()).isEmpty();
	}

	/**
	 * Charges that are refused and the step that was interrupted are attempted twice, and
	 * nothing else.
	 */
	void assertNothingElseIsAttemptedTwice(UUID interrupted) {
		assertThat(this.jdbcClient.sql("""
				select s.task_uuid, n.name, s.attempts
				from tasker.workflow_steps s
				join tasker.named_steps n using (named_step_uuid)
				join shop.orders o on o.order_id = s.task_uuid
				where (case
				  when (n.name = 'charge' and o.quantity > 40) or s.workflow_step_uuid = :interrupted then 2
				  else 1 end) <> s.attempts
				""").param("interrupted", interrupted).query().listOfRows()).isEmpty();
	}

	List<String> taskHistory(String id) {
		return this.jdbcClient.sql("""
				select to_state from tasker.task_transitions where task_uuid = :id::uuid order by sort_key
				""").param("id", id).query(String.class).list();
	}

	List<String> stepHistory(String id, String step) {
		return this.jdbcClient.sql("""
				select tr.to_state from tasker.workflow_step_transitions tr
				join tasker.workflow_steps s using (workflow_step_uuid)
				join tasker.named_steps n using (named_step_uuid)
				where s.task_uuid = :id::uuid and n.name = :step order by tr.sort_key
				""").param("id", id).param("step", step).query(String.class).list();
	}

	Map<String, Integer> attempts(String id) {
		return this.jdbcClient.sql("""
				select n.name, s.attempts from tasker.workflow_steps s join tasker.named_steps n using (named_step_uuid)
				where s.task_uuid = :id::uuid
				""").param("id", id).query((rows) -> {
			Map<String, Integer> attempts = new HashMap<>();
			while (rows.next()) {
				attempts.put(rows.getString("name"), rows.getInt("attempts"));
			}
			return attempts;
		});
	}

	String step(String id, String step) {
		return this.jdbcClient.sql("""
				select s.workflow_step_uuid::text from tasker.workflow_steps s
				join tasker.named_steps n using (named_step_uuid) where s.task_uuid = :id::uuid and n.name = :step
				""").param("id", id).param("step", step).query(String.class).single();
	}

	boolean isInProgressForSeconds(int seconds) {
		return count("""
				tasker.workflow_step_transitions where most_recent and to_state = 'in_progress'
				and created_at < timezone('utc', now()) - interval '%d seconds'""".formatted(seconds)) > 0;
	}

	/**
	 * A step that has been in progress for two seconds, of a worker that has never
	 * finished one.
	 */
	Optional<StepInProgress> slowStep() {
		return this.jdbcClient.sql("""
				select tr.workflow_step_uuid as step, (tr.metadata ->> 'worker_uuid')::uuid as worker
				from tasker.workflow_step_transitions tr
				where tr.most_recent and tr.to_state = 'in_progress'
				  and tr.created_at < timezone('utc', now()) - interval '2 seconds'
				  and not exists (
				    select from shop.effects e where e.worker_uuid = (tr.metadata ->> 'worker_uuid')::uuid)
				limit 1
				""").query(StepInProgress.class).optional();
	}

	Optional<StepInProgress> stepInProgress(UUID step) {
		return this.jdbcClient.sql("""
				select tr.workflow_step_uuid as step, (tr.metadata ->> 'worker_uuid')::uuid as worker
				from tasker.workflow_step_transitions tr
				where tr.workflow_step_uuid = :step and tr.most_recent and tr.to_state = 'in_progress'
				""").param("step", step).query(StepInProgress.class).optional();
	}

	/**
	 * The attempt and the worker of each effect of a step.
	 */
	List<String> effects(UUID step) {
		return this.jdbcClient.sql("select attempt || ' ' || worker_uuid from shop.effects where step_uuid = :step")
			.param("step", step)
			.query(String.class)
			.list();
	}

	String now() {
		return this.jdbcClient.sql("select timezone('utc', now())::text").query(String.class).single();
	}

	long count(String from) {
		return this.jdbcClient.sql("select count(*) from " + from).query(Long.class).single();
	}

	void update(String statement) {
		this.jdbcClient.sql(statement).update();
	}

	/**
	 * A step and the worker who has it.
	 *
	 * @param step the step
	 * @param worker the worker
	 */
	record StepInProgress(UUID step, UUID worker) {

	}

}
