/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.springframework.util.Assert;

/**
 * Connections that a part of the application needs for itself at all times, published as
 * a bean. The application does not start when a pool is smaller than what is demanded of
 * it.
 *
 * @param pool the database it is about, {@code tasker} or {@code pgmq}; in single mode
 * both have the pool of the Tasker database
 * @param user who needs them, for people
 * @param connections how many, 0 or more
 * @param direct whether they are opened beside the pool
 * @param property the property that says how many
 */
public record ConnectionDemand(String pool, String user, int connections, boolean direct, String property) {

	/**
	 * Check the demand.
	 * @param pool the database it is about, {@code tasker} or {@code pgmq}
	 * @param user who needs them, for people
	 * @param connections how many, 0 or more
	 * @param direct whether they are opened beside the pool
	 * @param property the property that says how many
	 * @throws IllegalArgumentException if the pool has another name or the number is
	 * negative
	 */
	public ConnectionDemand {
		Assert.isTrue(pool.equals(PoolBudget.TASKER) || pool.equals(PoolBudget.PGMQ),
				() -> "pool must be tasker or pgmq, and is " + pool);
		Assert.isTrue(connections >= 0, () -> "connections must be 0 or more, and is " + connections);
	}

	/**
	 * Demand connections of a pool.
	 * @param pool the database it is about, {@code tasker} or {@code pgmq}
	 * @param user who needs them, for people
	 * @param connections how many, 0 or more
	 * @param property the property that says how many
	 * @return the demand
	 */
	public static ConnectionDemand pooled(String pool, String user, int connections, String property) {
		return new ConnectionDemand(pool, user, connections, false, property);
	}

	/**
	 * Demand connections beside a pool.
	 * @param pool the database it is about, {@code tasker} or {@code pgmq}
	 * @param user who needs them, for people
	 * @param connections how many, 0 or more
	 * @param property the property that says how many
	 * @return the demand
	 */
	public static ConnectionDemand direct(String pool, String user, int connections, String property) {
		return new ConnectionDemand(pool, user, connections, true, property);
	}

	@Override
	public String toString() {
		return this.user + " " + this.connections;
	}

}
