/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.time.Duration;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.PoolStats;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Adds a count of slow acquisitions to the meters of HikariCP.
 */
final class SlowAcquireTrackerFactory implements MetricsTrackerFactory {

	private final MeterRegistry registry;

	private final MetricsTrackerFactory meters;

	private final HikariConfigMXBean pool;

	private final Duration threshold;

	SlowAcquireTrackerFactory(MeterRegistry registry, HikariConfigMXBean pool, Duration threshold) {
		this.registry = registry;
		this.meters = new MicrometerMetricsTrackerFactory(registry);
		this.pool = pool;
		this.threshold = threshold;
	}

	@Override
	public IMetricsTracker create(String poolName, PoolStats poolStats) {
		Counter slow = Counter.builder("tasker.database.acquire.slow")
			.description("Connections that took longer to acquire than the threshold, time-outs included")
			.tag("pool", poolName)
			.register(this.registry);
		return new Tracker(this.meters.create(poolName, poolStats), slow);
	}

	private final class Tracker implements IMetricsTracker {

		private final IMetricsTracker meters;

		private final Counter slow;

		Tracker(IMetricsTracker meters, Counter slow) {
			this.meters = meters;
			this.slow = slow;
		}

		@Override
		public void recordConnectionAcquiredNanos(long elapsedAcquiredNanos) {
			// Called for time-outs too.
			if (elapsedAcquiredNanos > SlowAcquireTrackerFactory.this.threshold.toNanos() && !isTimeoutFirst()) {
				this.slow.increment();
			}
			this.meters.recordConnectionAcquiredNanos(elapsedAcquiredNanos);
		}

		@Override
		public void recordConnectionTimeout() {
			if (isTimeoutFirst()) {
				this.slow.increment();
			}
			this.meters.recordConnectionTimeout();
		}

		/*
		 * Nobody waits longer than the time-out, so with a threshold above it the
		 * time-outs are what is slow.
		 */
		private boolean isTimeoutFirst() {
			return SlowAcquireTrackerFactory.this.threshold.toMillis() >= SlowAcquireTrackerFactory.this.pool
				.getConnectionTimeout();
		}

		@Override
		public void recordConnectionUsageMillis(long elapsedBorrowedMillis) {
			this.meters.recordConnectionUsageMillis(elapsedBorrowedMillis);
		}

		@Override
		public void recordConnectionCreatedMillis(long connectionCreatedMillis) {
			this.meters.recordConnectionCreatedMillis(connectionCreatedMillis);
		}

		@Override
		public void close() {
			this.meters.close();
			SlowAcquireTrackerFactory.this.registry.remove(this.slow);
		}

	}

}
