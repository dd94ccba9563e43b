/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import javax.sql.DataSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.database.BoundedProbes;

/**
 * Boot's health indicator of a DataSource, whose answer comes within a bounded time.
 */
final class BoundedHealthIndicator implements HealthIndicator {

	private final BoundedProbe<Health> probe;

	BoundedHealthIndicator(String name, DataSource dataSource, BoundedProbes probes) {
		this.probe = probes.create(name,
				() -> ProbeConnection.use(dataSource,
						(connection) -> new DataSourceHealthIndicator(new SingleConnectionDataSource(connection, true))
							.health()));
	}

	@Override
	public Health health() {
		try {
			return this.probe.ask();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Health.down(ex).build();
		}
		catch (Exception ex) {
			return Health.down(ex).build();
		}
	}

}
