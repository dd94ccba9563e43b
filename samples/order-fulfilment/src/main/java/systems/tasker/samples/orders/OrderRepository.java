/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.samples.orders.Transitions.Machine;

/**
 * Orders as Tasker tasks with one step each. Callers of what writes have a transaction.
 */
@Repository
class OrderRepository {

	private final JdbcClient jdbcClient;

	private final Transitions transitions;

	private final OrderTemplate template;

	OrderRepository(@TaskerDataSource JdbcClient jdbcClient, Transitions transitions, OrderTemplate template) {
		this.jdbcClient = jdbcClient;
		this.transitions = transitions;
		this.template = template;
	}

	UUID insert(NewOrder order) {
		UUID id = this.jdbcClient.sql("""
				with new as materialized (select tasker.uuid_generate_v7() as id)
				insert into tasker.tasks
				  (task_uuid, named_task_uuid, requested_at, initiator, source_system, reason, context,
				   identity_hash, correlation_id, created_at, updated_at)
				select id, :template, timezone('utc', now()), :customer, 'order-fulfilment', 'order received',
				       jsonb_build_object('customer', :customer::text, 'sku', :sku::text, 'quantity', :quantity::int),
				       id::text, tasker.uuid_generate_v7(), timezone('utc', now()), timezone('utc', now())
				from new
				returning task_uuid
				""")
			.param("template", this.template.namedTask())
			.param("customer", order.customer())
			.param("sku", order.sku())
			.param("quantity", order.quantity())
			.query(UUID.class)
			.single();
		this.transitions.start(Machine.TASK, id);
		this.transitions.start(Machine.STEP, insertStep(id));
		return id;
	}

	private UUID insertStep(UUID id) {
		return this.jdbcClient.sql("""
				insert into tasker.workflow_steps (task_uuid, named_step_uuid, max_attempts, created_at, updated_at)
				values (:id, :template, 3, timezone('utc', now()), timezone('utc', now()))
				returning workflow_step_uuid
				""").param("id", id).param("template", this.template.namedStep()).query(UUID.class).single();
	}

	Optional<Order> find(UUID id) {
		return this.jdbcClient.sql("""
				select t.task_uuid as id,
				       case tr.to_state when 'complete' then 'FULFILLED' else 'RECEIVED' end as state,
				       t.context ->> 'customer' as customer,
				       t.context ->> 'sku' as sku,
				       (t.context ->> 'quantity')::int as quantity
				from tasker.tasks t
				join tasker.task_transitions tr on tr.task_uuid = t.task_uuid and tr.most_recent
				where t.task_uuid = :id and t.named_task_uuid = :template
				""").param("id", id).param("template", this.template.namedTask()).query(Order.class).optional();
	}

	/**
	 * Find orders whose message is missing: their step is not marked as enqueued.
	 * @param age how old an order must be; a younger one may be on its way
	 * @param max the largest number of orders to return
	 * @return the ids, the oldest order first
	 */
	List<UUID> findNotEnqueued(Duration age, int max) {
		return this.jdbcClient.sql("""
				select t.task_uuid
				from tasker.tasks t
				join tasker.workflow_steps s using (task_uuid)
				join tasker.workflow_step_transitions tr on tr.workflow_step_uuid = s.workflow_step_uuid
				 and tr.most_recent and tr.to_state = 'pending'
				where not t.complete and t.named_task_uuid = :template
				  and t.created_at < timezone('utc', now()) - :seconds * interval '1 second'
				order by t.created_at
				limit :max
				""")
			.param("template", this.template.namedTask())
			.param("seconds", age.toSeconds())
			.param("max", max)
			.query(UUID.class)
			.list();
	}

	void markEnqueued(UUID id) {
		this.transitions.advance(Machine.TASK, id, "steps_in_process");
		this.transitions.advance(Machine.STEP, findStep(id), "enqueued");
	}

	/**
	 * Complete an order.
	 * @param id the id of an order, whatever its state
	 * @return whether this call completed it
	 * @throws UnknownOrderException if there is no such order
	 */
	boolean complete(UUID id) {
		UUID step = findStep(id);
		this.transitions.advance(Machine.TASK, id, "steps_in_process");
		this.transitions.advance(Machine.STEP, step, "complete");
		if (!this.transitions.advance(Machine.TASK, id, "complete")) {
			return false;
		}
		this.jdbcClient.sql("""
				update tasker.workflow_steps
				set processed = true, processed_at = timezone('utc', now()), attempts = coalesce(attempts, 0) + 1,
				    last_attempted_at = timezone('utc', now()), updated_at = timezone('utc', now())
				where workflow_step_uuid = :step
				""").param("step", step).update();
		this.jdbcClient.sql("""
				update tasker.tasks
				set complete = true, completed_at = timezone('utc', now()), updated_at = timezone('utc', now())
				where task_uuid = :id
				""").param("id", id).update();
		return true;
	}

	private UUID findStep(UUID id) {
		return this.jdbcClient.sql("""
				select workflow_step_uuid from tasker.workflow_steps
				where task_uuid = :id and named_step_uuid = :template
				""")
			.param("id", id)
			.param("template", this.template.namedStep())
			.query(UUID.class)
			.optional()
			.orElseThrow(() -> new UnknownOrderException(id));
	}

}
