/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.PoolStats;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlowAcquireTrackerFactoryTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void countsWhatIsAboveTheThresholdOnly() {
		IMetricsTracker tracker = tracker(Duration.ofMillis(100));
		tracker.recordConnectionAcquiredNanos(Duration.ofMillis(100).toNanos());
		assertThat(slow()).isZero();
		tracker.recordConnectionAcquiredNanos(Duration.ofMillis(100).toNanos() + 1);
		assertThat(slow()).isOne();
	}

	@Test
	void countsATimeoutOnce() {
		timeout(tracker(Duration.ofMillis(100)));
		assertThat(slow()).isOne();
	}

	@Test
	void countsATimeoutBelowTheThreshold() {
		timeout(tracker(Duration.ofHours(1)));
		assertThat(slow()).isOne();
	}

	@Test
	void countsATimeoutAtTheThresholdOnce() {
		timeout(tracker(TIMEOUT));
		assertThat(slow()).isOne();
	}

	@Test
	void keepsTheMetersOfHikari() {
		IMetricsTracker tracker = tracker(Duration.ofMillis(100));
		tracker.recordConnectionAcquiredNanos(1);
		tracker.recordConnectionUsageMillis(1);
		tracker.recordConnectionCreatedMillis(1);
		tracker.recordConnectionTimeout();
		assertThat(this.registry.get("hikaricp.connections.acquire").tag("pool", "a").timer().count()).isOne();
		assertThat(this.registry.get("hikaricp.connections.usage").timer().count()).isOne();
		assertThat(this.registry.get("hikaricp.connections.creation").timer().count()).isOne();
		assertThat(this.registry.get("hikaricp.connections.timeout").counter().count()).isOne();
	}

	@Test
	void removesItsMetersWithThePool() throws Exception {
		tracker(Duration.ofMillis(100)).close();
		assertThat(this.registry.getMeters()).isEmpty();
	}

	// What the pool tells when nobody gives a connection back.
	private static void timeout(IMetricsTracker tracker) {
		tracker.recordConnectionAcquiredNanos(TIMEOUT.toNanos() + 5);
		tracker.recordConnectionTimeout();
	}

	private IMetricsTracker tracker(Duration threshold) {
		HikariDataSource pool = new HikariDataSource();
		pool.setConnectionTimeout(TIMEOUT.toMillis());
		return new SlowAcquireTrackerFactory(this.registry, pool, threshold).create("a", new PoolStats(1000) {

			@Override
			protected void update() {
			}

		});
	}

	private double slow() {
		return this.registry.get("tasker.database.acquire.slow").tag("pool", "a").counter().count();
	}

}
