/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.ConfigurableApplicationContext;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.SlowAcquireThreshold;
import systems.tasker.database.DatabasePools;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the meters of the connection pools.
 */
@Tag("any-postgres")
class PoolMetricsIntegrationTests {

	private final TestDatabase tasker = TaskerPostgres.shared().createDatabase();

	private final TestDatabase pgmq = TaskerPostgres.shared().createDatabase();

	@AfterEach
	void dropDatabases() {
		this.tasker.close();
		this.pgmq.close();
	}

	@Test
	void bothPoolsAreMeasured() {
		try (ConfigurableApplicationContext context = split()) {
			assertThat(tagValues(context, "hikaricp.connections", "pool")).containsExactlyInAnyOrder("tasker", "pgmq");
			assertThat(tagValues(context, "hikaricp.connections.acquire", "pool")).containsExactlyInAnyOrder("tasker",
					"pgmq");
			assertThat(tagValues(context, "jdbc.connections.max", "name")).containsExactlyInAnyOrder("tasker", "pgmq");
			assertThat(tagValues(context, "tasker.database.acquire.slow", "pool")).containsExactlyInAnyOrder("tasker",
					"pgmq");
		}
	}

	@Test
	void inSingleModeThereIsOnePoolToMeasure() throws Exception {
		try (ConfigurableApplicationContext context = run("tasker.database.pool.max-connections=1",
				"tasker.database.pool.min-connections=1", "tasker.database.pool.acquire-timeout=250ms")) {
			assertThat(tagValues(context, "hikaricp.connections", "pool")).containsExactly("tasker");
			assertThat(tagValues(context, "jdbc.connections.max", "name")).containsExactly("tasker");
			assertThat(tagValues(context, "tasker.database.acquire.slow", "pool")).containsExactly("tasker");
			DatabasePools pools = context.getBean(DatabasePools.class);
			try (Connection held = pools.tasker().getConnection()) {
				double before = slow(context, "tasker");
				assertThatExceptionOfType(SQLTransientConnectionException.class)
					.isThrownBy(() -> pools.pgmq().getConnection());
				assertThat(slow(context, "tasker")).isEqualTo(before + 1);
				assertThat(held.isClosed()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "tasker, tasker.database, tasker.pgmq-database", "pgmq, tasker.pgmq-database, tasker.database" })
	void acquisitionsAboveTheThresholdAreCounted(String name, String prefix, String otherPrefix) throws Exception {
		Duration threshold = Duration.ofMillis(400);
		try (ConfigurableApplicationContext context = split(prefix + ".pool.slow-acquire-threshold=400ms",
				otherPrefix + ".pool.slow-acquire-threshold=1h", prefix + ".pool.max-connections=1",
				prefix + ".pool.min-connections=1")) {
			DatabasePools pools = context.getBean(DatabasePools.class);
			DataSource pool = name.equals("pgmq") ? pools.pgmq() : pools.tasker();
			CompletableFuture<Void> second;
			double before;
			try (Connection held = pool.getConnection()) {
				before = slow(context, name);
				second = CompletableFuture.runAsync(() -> openAndClose(pool));
				await().until(() -> hikari(pool).getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
				long start = System.nanoTime();
				await().pollInterval(Duration.ofMillis(20))
					.until(() -> System.nanoTime() - start > threshold.toNanos());
				assertThat(held.isClosed()).isFalse();
			}
			second.join();
			assertThat(slow(context, name)).isEqualTo(before + 1);
			assertThat(slow(context, name.equals("pgmq") ? "tasker" : "pgmq")).isZero();
		}
	}

	@Test
	void aBareThresholdIsSeconds() {
		try (ConfigurableApplicationContext context = split("tasker.database.pool.slow-acquire-threshold=2")) {
			assertThat(threshold(context.getBean(DatabasePools.class).tasker())).isEqualTo(Duration.ofSeconds(2));
			assertThat(threshold(context.getBean(DatabasePools.class).pgmq())).isEqualTo(Duration.ofMillis(100));
		}
	}

	@ParameterizedTest
	@CsvSource({ "tasker.database, 0s", "tasker.pgmq-database, -1s" })
	void aThresholdOfNothingIsRefused(String prefix, String value) {
		String property = prefix + ".pool.slow-acquire-threshold";
		assertThatException().isThrownBy(() -> split(property + "=" + value).close())
			.havingRootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getName()).isEqualTo(property));
	}

	@Test
	void poolOfTheApplicationIsMeasuredByBootAlone() {
		try (ConfigurableApplicationContext context = TestApplication.run(
				"spring.datasource.url=" + this.tasker.jdbcUrl(),
				"spring.datasource.username=" + this.tasker.username(),
				"spring.datasource.password=" + this.tasker.password(), "spring.datasource.hikari.pool-name=own")) {
			openAndClose(context.getBean(DataSource.class));
			assertThat(tagValues(context, "hikaricp.connections", "pool")).containsExactly("own");
			assertThat(context.getBean(MeterRegistry.class).find("tasker.database.acquire.slow").meters()).isEmpty();
		}
	}

	private ConfigurableApplicationContext split(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("PGMQ_DATABASE_URL=" + this.pgmq.url());
		return run(all.toArray(String[]::new));
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.tasker.url());
		ConfigurableApplicationContext context = TestApplication.run(all.toArray(String[]::new));
		// A pool is measured once it is in use.
		openAndClose(context.getBean(DatabasePools.class).tasker());
		openAndClose(context.getBean(DatabasePools.class).pgmq());
		return context;
	}

	private static void openAndClose(DataSource pool) {
		try {
			pool.getConnection().close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static HikariDataSource hikari(DataSource dataSource) {
		return DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
	}

	private static Duration threshold(DataSource dataSource) {
		return SlowAcquireThreshold.of(hikari(dataSource)).orElseThrow();
	}

	private static double slow(ConfigurableApplicationContext context, String pool) {
		return context.getBean(MeterRegistry.class)
			.get("tasker.database.acquire.slow")
			.tag("pool", pool)
			.counter()
			.count();
	}

	private static Set<String> tagValues(ConfigurableApplicationContext context, String meter, String tag) {
		return context.getBean(MeterRegistry.class)
			.get(meter)
			.meters()
			.stream()
			.map((found) -> found.getId().getTag(tag))
			.collect(Collectors.toSet());
	}

}
