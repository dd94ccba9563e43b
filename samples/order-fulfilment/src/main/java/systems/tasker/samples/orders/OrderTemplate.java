/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What Tasker has to know about orders before it can keep one: a kind of task with one
 * step.
 *
 * @param namedTask the key of the kind of task
 * @param namedStep the key of its step
 */
record OrderTemplate(UUID namedTask, UUID namedStep) {

	/**
	 * Describe orders to Tasker, unless another instance has done so.
	 * @param jdbcClient the Tasker database
	 * @return the keys
	 */
	static OrderTemplate register(JdbcClient jdbcClient) {
		jdbcClient.sql("""
				insert into tasker.task_namespaces (name, description, created_at, updated_at)
				values ('orders', 'Orders of the shop', timezone('utc', now()), timezone('utc', now()))
				on conflict (name) do nothing
				""").update();
		jdbcClient.sql("""
				insert into tasker.named_tasks
				  (task_namespace_uuid, name, description, version, identity_strategy, created_at, updated_at)
				select task_namespace_uuid, 'order', 'An order of one article', '1.0.0', 'always_unique',
				       timezone('utc', now()), timezone('utc', now())
				from tasker.task_namespaces where name = 'orders'
				on conflict (task_namespace_uuid, name, version) do nothing
				""").update();
		jdbcClient.sql("""
				insert into tasker.named_steps (name, description, created_at, updated_at)
				values ('fulfil_order', 'Pick, pack and ship', timezone('utc', now()), timezone('utc', now()))
				on conflict (name) do nothing
				""").update();
		jdbcClient.sql("""
				insert into tasker.named_tasks_named_steps (named_task_uuid, named_step_uuid, created_at, updated_at)
				select t.named_task_uuid, s.named_step_uuid, timezone('utc', now()), timezone('utc', now())
				from tasker.task_namespaces n
				join tasker.named_tasks t using (task_namespace_uuid)
				join tasker.named_steps s on s.name = 'fulfil_order'
				where n.name = 'orders' and t.name = 'order' and t.version = '1.0.0'
				on conflict (named_task_uuid, named_step_uuid) do nothing
				""").update();
		return jdbcClient.sql("""
				select t.named_task_uuid as named_task, s.named_step_uuid as named_step
				from tasker.task_namespaces n
				join tasker.named_tasks t using (task_namespace_uuid)
				join tasker.named_tasks_named_steps using (named_task_uuid)
				join tasker.named_steps s using (named_step_uuid)
				where n.name = 'orders' and t.name = 'order' and t.version = '1.0.0' and s.name = 'fulfil_order'
				""").query(OrderTemplate.class).single();
	}

}
