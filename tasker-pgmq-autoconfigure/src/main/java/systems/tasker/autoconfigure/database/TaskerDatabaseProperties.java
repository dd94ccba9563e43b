/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Properties of the Tasker database.
 *
 * @param url address of the Tasker database. Required unless the application has a
 * DataSource of its own, which is used then
 * @param username login role, instead of the one in the URL
 * @param password password, instead of the one in the URL
 * @param migration what to do with the schema at start
 * @param skipMigrationCheck whether to start without looking at the schema at all, as
 * with migration "none"
 * @param pool connection pool
 */
@ConfigurationProperties("tasker.database")
public record TaskerDatabaseProperties(@Nullable String url, @Nullable String username, @Nullable String password,
		@DefaultValue("migrate") MigrationMode migration, @DefaultValue("false") boolean skipMigrationCheck,
		@DefaultValue Pool pool) {

	/**
	 * Return what to do with the schema at start.
	 * @return the configured mode, or {@link MigrationMode#NONE} when the check is
	 * skipped
	 */
	public MigrationMode effectiveMigration() {
		return this.skipMigrationCheck ? MigrationMode.NONE : this.migration;
	}

	@Override
	public String toString() {
		return "TaskerDatabaseProperties[migration=" + effectiveMigration() + ", pool=" + this.pool + "]";
	}

	/**
	 * Properties of the connection pool.
	 *
	 * @param maxConnections most connections the pool opens, 1 to 1000
	 * @param minConnections connections the pool keeps open when idle, 0 to the maximum
	 * @param acquireTimeout longest wait for a connection. A bare number is seconds
	 * @param idleTimeout time after which an idle connection above the minimum is closed.
	 * A bare number is seconds
	 * @param maxLifetime age at which a connection is replaced. A bare number is seconds
	 * @param slowAcquireThreshold wait for a connection above which it counts as slow. A
	 * bare number is seconds
	 */
	public record Pool(@DefaultValue("25") int maxConnections, @DefaultValue("5") int minConnections,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS) Duration acquireTimeout,
			@DefaultValue("300s") @DurationUnit(ChronoUnit.SECONDS) Duration idleTimeout,
			@DefaultValue("1800s") @DurationUnit(ChronoUnit.SECONDS) Duration maxLifetime,
			@DefaultValue("100ms") @DurationUnit(ChronoUnit.SECONDS) Duration slowAcquireThreshold) {

	}

}
