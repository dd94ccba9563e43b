/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import systems.tasker.messages.TaskRequest;
import systems.tasker.messages.TaskRequestBuilder;
import systems.tasker.workflow.IdentityStrategy;
import systems.tasker.workflow.StepTemplate;
import systems.tasker.workflow.TaskTemplate;
import systems.tasker.workflow.TaskerDatabase;

/**
 * How an order is fulfilled: what is reserved is charged and packed at the same time, and
 * shipped when both are done.
 */
@Component
class FulfilmentTemplate {

	static final String NAMESPACE = "orders";

	static final String RESERVE_STOCK = "reserve_stock";

	static final String CHARGE = "charge";

	static final String PACK = "pack";

	static final String SHIP = "ship";

	private static final String NAME = "fulfil_order";

	private static final String VERSION = "1.0.0";

	FulfilmentTemplate(TaskerDatabase tasker) {
		tasker.templates()
			.save(TaskTemplate
				.of(NAMESPACE, NAME, VERSION, StepTemplate.of(RESERVE_STOCK), StepTemplate.of(CHARGE, RESERVE_STOCK),
						StepTemplate.of(PACK, RESERVE_STOCK), StepTemplate.of(SHIP, CHARGE, PACK))
				.withDescription("Fulfils an order of one article")
				.withIdentityStrategy(IdentityStrategy.ALWAYS_UNIQUE));
	}

	/**
	 * Ask for the task of an order.
	 * @param order a valid order
	 * @param idempotencyKey a second order with this key is the same one; without a key
	 * each order is another one
	 * @return the request
	 */
	TaskRequest request(NewOrder order, @Nullable String idempotencyKey) {
		TaskRequestBuilder request = TaskRequest.builder(NAME, NAMESPACE, VERSION)
			.context(order)
			.initiator(String.valueOf(order.customer()))
			.sourceSystem("order-fulfilment")
			.reason("order received");
		return ((idempotencyKey != null) ? request.idempotencyKey(idempotencyKey) : request).build();
	}

}
