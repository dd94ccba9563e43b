/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.database.BoundedProbes;

/**
 * Another indicator, whose answer comes within a bounded time.
 */
final class BoundedHealthIndicator implements HealthIndicator {

	private final BoundedProbe<Health> probe;

	BoundedHealthIndicator(String name, HealthIndicator delegate, BoundedProbes probes) {
		this.probe = probes.create(name, delegate::health);
	}

	@Override
	public Health health() {
		try {
			return this.probe.ask();
		}
		catch (Exception ex) {
			return Health.down(ex).build();
		}
	}

}
