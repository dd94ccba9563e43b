/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.autoconfigure.database.FailureText;
import systems.tasker.autoconfigure.database.JdbcUrls;
import systems.tasker.autoconfigure.database.PoolFigures;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.GuardedDataSource;

/**
 * Health of one database as its pool sees it. The answer comes within a second, whatever
 * the state of the server, the network or the pool.
 */
final class DatabaseHealthIndicator implements HealthIndicator {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseHealthIndicator.class);

	/** Calls are refused, even if the database answers again. */
	private static final Set<String> OPEN = Set.of("open", "forced_open");

	private static final String UNKNOWN = "unknown";

	private final Settings settings;

	private final DataSource dataSource;

	private final BoundedProbe<Map<String, Object>> probe;

	private volatile Status lastStatus = Status.UP;

	private volatile Set<String> lastDetails = Set.of("responseTime", "database", "postgresVersion");

	DatabaseHealthIndicator(Settings settings, DataSource dataSource, BoundedProbes probes) {
		this.settings = settings;
		// A probe must not count for the circuit breaker.
		this.dataSource = GuardedDataSource.unguarded(dataSource);
		this.probe = probes.create(settings.name() + "-health", this::query);
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up().withDetail("mode", this.settings.mode());
		Optional<String> deferral = this.settings.deferral().get();
		try {
			this.probe.ask().forEach(health::withDetail);
			report(Status.UP, null);
			if (deferral.isPresent()
					|| this.settings.guard().circuitBreakerState().filter(OPEN::contains).isPresent()) {
				health.status(this.settings.outage());
			}
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			health.status(this.settings.outage()).withDetail("error", describe(ex));
			this.lastDetails.forEach((detail) -> health.withDetail(detail, UNKNOWN));
			report(this.settings.outage(), ex);
		}
		this.settings.guard().circuitBreakerState().ifPresent((state) -> health.withDetail("circuitBreaker", state));
		health.withDetail("migration",
				deferral.map((reason) -> "deferred: " + reason).orElseGet(this.settings.migration()));
		PoolFigures.of(this.dataSource).ifPresent((figures) -> health.withDetail("pool", figures));
		return health.build();
	}

	private Map<String, Object> query() throws SQLException {
		long start = System.nanoTime();
		return ProbeConnection.use(this.dataSource, (connection) -> query(connection, start));
	}

	private Map<String, Object> query(Connection connection, long start) throws SQLException {
		Map<String, Object> answer = new LinkedHashMap<>();
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select current_setting('server_version')")) {
			result.next();
			answer.put("responseTime", "%.1fms".formatted((System.nanoTime() - start) / 1_000_000.0));
			answer.put("database", JdbcUrls.describe(connection.getMetaData().getURL()));
			answer.put("postgresVersion", result.getString(1));
		}
		this.settings.details().add(connection, answer);
		this.lastDetails = Set.copyOf(answer.keySet());
		return answer;
	}

	private static String describe(Exception ex) {
		return ex.getClass().getName() + ": " + FailureText.of(ex);
	}

	// When the state changes, not at each probe.
	private void report(Status status, @Nullable Exception failure) {
		Status before = this.lastStatus;
		this.lastStatus = status;
		if (status.equals(before)) {
			return;
		}
		if (failure == null) {
			logger.info("The {} database answers again", this.settings.name());
		}
		else {
			logger.warn("The {} database does not answer: {}", this.settings.name(), describe(failure));
		}
	}

	/**
	 * What distinguishes one database from the other.
	 *
	 * @param name the name of the database, for logs
	 * @param mode single or split
	 * @param outage the status that an outage has
	 * @param guard what stands before the database
	 * @param migration tells the state of the schema
	 * @param deferral tells why the database is not ready yet, or nothing when it is
	 * @param details reads what only this database has
	 */
	record Settings(String name, String mode, Status outage, DatabaseGuard guard, Supplier<String> migration,
			Supplier<Optional<String>> deferral, Details details) {

	}

	/**
	 * Reads further details from the database.
	 */
	@FunctionalInterface
	interface Details {

		void add(Connection connection, Map<String, Object> details) throws SQLException;

	}

}
