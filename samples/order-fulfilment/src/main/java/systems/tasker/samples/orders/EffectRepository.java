/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.workflow.ClaimedStep;

/**
 * What steps have to do, and what they have done.
 */
@Repository
class EffectRepository {

	private final JdbcClient jdbcClient;

	EffectRepository(@TaskerDataSource JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Find what a step has to do.
	 * @param step a step
	 * @return its work
	 * @throws UnknownStepException if it is no step of an order
	 */
	Work find(UUID step) {
		return this.jdbcClient.sql("""
				select o.order_id, n.name, o.sku, o.quantity,
				  tr.to_state in ('complete', 'error', 'cancelled', 'resolved_manually') as order_over
				from tasker.workflow_steps s
				join tasker.named_steps n on n.named_step_uuid = s.named_step_uuid
				join shop.orders o on o.order_id = s.task_uuid
				join tasker.task_transitions tr on tr.task_uuid = s.task_uuid and tr.most_recent = true
				where s.workflow_step_uuid = :step
				""").param("step", step).query(Work.class).optional().orElseThrow(() -> new UnknownStepException(step));
	}

	void insert(Work work, ClaimedStep claimed, UUID worker) {
		this.jdbcClient.sql("""
				insert into shop.effects (step_uuid, attempt, order_id, step, worker_uuid)
				values (:step, :attempt, :order, :name, :worker)
				""")
			.param("step", claimed.stepUuid())
			.param("attempt", claimed.attempts())
			.param("order", work.orderId())
			.param("name", work.name())
			.param("worker", worker)
			.update();
	}

	/**
	 * What a step has to do.
	 *
	 * @param orderId the order it is for
	 * @param name the name of the step
	 * @param sku what was ordered
	 * @param quantity how many pieces
	 * @param orderOver whether nothing is to be done any more, as the order is fulfilled
	 * or given up
	 */
	record Work(UUID orderId, String name, String sku, int quantity, boolean orderOver) {

	}

}
