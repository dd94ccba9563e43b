/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

import systems.tasker.autoconfigure.database.SlowAcquireThreshold;

/**
 * Lets the pools that have a threshold count what exceeds it. They are bound when all
 * beans are there, as Boot does it: a pool that has to wait for the registry of meters
 * would tie the order of beans to it.
 */
final class SlowAcquireMeterBinder implements MeterBinder {

	private final ObjectProvider<DataSource> dataSources;

	SlowAcquireMeterBinder(ObjectProvider<DataSource> dataSources) {
		this.dataSources = dataSources;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.dataSources.stream(ObjectProvider.UNFILTERED, false).forEach((dataSource) -> {
			HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
					HikariDataSource.class);
			if (pool != null && pool.getMetricRegistry() == null && pool.getMetricsTrackerFactory() == null) {
				SlowAcquireThreshold.of(pool)
					.ifPresent((threshold) -> pool
						.setMetricsTrackerFactory(new SlowAcquireTrackerFactory(registry, pool, threshold)));
			}
		});
	}

}
