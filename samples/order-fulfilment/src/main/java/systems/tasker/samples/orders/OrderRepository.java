/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import systems.tasker.database.TaskerDataSource;

/**
 * Orders. How far one has come is told by its task.
 */
@Repository
class OrderRepository {

	private final JdbcClient jdbcClient;

	OrderRepository(@TaskerDataSource JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	void insert(UUID id, NewOrder order) {
		this.jdbcClient.sql("""
				insert into shop.orders (order_id, customer, sku, quantity)
				values (:id, :customer, :sku, :quantity)
				""")
			.param("id", id)
			.param("customer", order.customer())
			.param("sku", order.sku())
			.param("quantity", order.quantity())
			.update();
	}

	Optional<Order> find(UUID id) {
		return this.jdbcClient.sql("""
				select o.order_id as id, o.customer, o.sku, o.quantity,
				  case
				    when tr.to_state in ('complete', 'resolved_manually') then 'FULFILLED'
				    when tr.to_state in ('blocked_by_failures', 'error', 'cancelled') then 'FAILED'
				    else 'RECEIVED'
				  end as state
				from shop.orders o
				join tasker.task_transitions tr on tr.task_uuid = o.order_id and tr.most_recent = true
				where o.order_id = :id
				""").param("id", id).query(Order.class).optional();
	}

}
