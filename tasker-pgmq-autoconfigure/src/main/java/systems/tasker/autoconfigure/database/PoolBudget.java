/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one pool may open, and who uses it.
 *
 * @param name {@code tasker} or {@code pgmq}
 * @param address where it leads, without credentials
 * @param property what its size is called
 * @param maximum most connections in the pool
 * @param demands what is demanded of the pool and beside it
 */
record PoolBudget(String name, String address, String property, int maximum, List<ConnectionDemand> demands) {

	static final String TASKER = "tasker";

	static final String PGMQ = "pgmq";

	/**
	 * Return how many connections one instance of the application may open.
	 */
	int connections() {
		return this.maximum + sum(true);
	}

	private int sum(boolean direct) {
		return demands(direct).stream().mapToInt(ConnectionDemand::connections).sum();
	}

	private List<ConnectionDemand> demands(boolean direct) {
		return this.demands.stream().filter((demand) -> demand.direct() == direct && demand.connections() > 0).toList();
	}

	/**
	 * Refuse a pool that its users would wait for in vain.
	 */
	void requireRoom() {
		int demanded = sum(false);
		if (demanded > this.maximum) {
			String properties = demands(false).stream()
				.map(ConnectionDemand::property)
				.distinct()
				.collect(Collectors.joining(", "));
			throw new DatabaseConfigurationException(
					"Pool %s is too small: %s is %d, and %d connections are in use at all times (%s)"
						.formatted(this.name, this.property, this.maximum, demanded, join(demands(false))),
					"Set %s to more than %d, as the rest of the application needs connections too, or lower %s"
						.formatted(this.property, demanded, properties),
					null);
		}
	}

	/**
	 * Return the figures for people.
	 */
	String describe() {
		List<Object> users = new ArrayList<>(demands(false));
		users.add("application " + (this.maximum - sum(false)));
		String direct = demands(true).isEmpty() ? ""
				: ", and %d beside it (%s)".formatted(sum(true), join(demands(true)));
		return "Pool %s at %s opens up to %d connections (%s)%s".formatted(this.name, this.address, this.maximum,
				join(users), direct);
	}

	private static String join(List<?> users) {
		return users.stream().map(Object::toString).collect(Collectors.joining(", "));
	}

}
