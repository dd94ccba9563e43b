/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import systems.tasker.messages.TaskRequest;
import systems.tasker.workflow.DuplicateTaskException;

/**
 * Takes orders.
 */
@Service
class OrderService {

	private final OrderRepository orders;

	private final FulfilmentTemplate template;

	private final Orchestrator orchestrator;

	private final Outbox outbox;

	OrderService(OrderRepository orders, FulfilmentTemplate template, Orchestrator orchestrator, Outbox outbox) {
		this.orders = orders;
		this.template = template;
		this.orchestrator = orchestrator;
		this.outbox = outbox;
	}

	/**
	 * Store an order and begin to fulfil it: order, task, and the hand-over of its first
	 * step are one transaction.
	 * @param newOrder a valid order
	 * @param idempotencyKey a second order with this key is the same one
	 * @return the order, and whether it is new
	 * @throws KeyInUseException if the key belongs to an order of something else
	 */
	Receipt receive(NewOrder newOrder, @Nullable String idempotencyKey) {
		TaskRequest request = this.template.request(newOrder, idempotencyKey);
		try {
			UUID id = this.outbox.commitAndSend((messages) -> {
				UUID task = this.orchestrator.start(request, messages);
				this.orders.insert(task, newOrder);
				return task;
			});
			return new Receipt(find(id), true);
		}
		catch (DuplicateTaskException ex) {
			Order order = find(ex.taskUuid());
			if (!order.isFor(newOrder)) {
				throw new KeyInUseException(order.id());
			}
			return new Receipt(order, false);
		}
	}

	/**
	 * Find an order.
	 * @param id the id of the order
	 * @return the order
	 * @throws UnknownOrderException if there is no such order
	 */
	Order find(UUID id) {
		return this.orders.find(id).orElseThrow(() -> new UnknownOrderException(id));
	}

	/**
	 * What became of a request to order something.
	 *
	 * @param order the order
	 * @param isNew whether this request made it
	 */
	record Receipt(Order order, boolean isNew) {

	}

}
