/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

/**
 * An order as it is stored.
 *
 * @param id the id, which is the one of its task
 * @param state how far it has come
 * @param customer who ordered
 * @param sku what was ordered
 * @param quantity how many pieces
 */
record Order(UUID id, State state, String customer, String sku, int quantity) {

	/**
	 * How far an order has come.
	 */
	enum State {

		/** It is stored, and somebody will work on it. */
		RECEIVED,

		/** It is done. */
		FULFILLED

	}

}
