/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

/**
 * The message that asks a worker to fulfil an order. It says which, and nothing that
 * could be out of date when it is read.
 *
 * @param orderId the id of the order
 */
record FulfilOrder(UUID orderId) {

	/** The queue, by Tasker's convention {@code worker_<namespace>_queue}. */
	static final String QUEUE = "worker_orders_queue";

}
