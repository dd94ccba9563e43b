/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

/**
 * An order as it is stored.
 *
 * @param id the id, which is that of its task
 * @param state how far it has come
 * @param customer who ordered
 * @param sku what was ordered
 * @param quantity how many pieces
 */
record Order(UUID id, State state, String customer, String sku, int quantity) {

	boolean isFor(NewOrder order) {
		return this.customer.equals(order.customer()) && this.sku.equals(order.sku())
				&& Integer.valueOf(this.quantity).equals(order.quantity());
	}

	/**
	 * How far an order has come.
	 */
	enum State {

		/** It is stored, and somebody will work on it. */
		RECEIVED,

		/** It is done. */
		FULFILLED,

		/** A step failed for good, or somebody gave it up. */
		FAILED

	}

}
