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

import systems.tasker.messaging.pgmq.PgmqInstaller;

/**
 * Properties of the PGMQ database.
 *
 * @param enabled whether there is a PGMQ database. Without one every send fails
 * @param url address of the PGMQ database. Blank, or the same host, port, database and
 * user as the Tasker database: queues share its pool (single mode)
 * @param username login role, instead of the one in the URL
 * @param password password, instead of the one in the URL
 * @param migration what to do with the schema at start
 * @param skipMigrationCheck whether to start without looking at the schema at all, as
 * with migration "none"
 * @param migrationOnFailure what to do in split mode when the schema cannot be brought up
 * to date at start: "fail", or "defer" to start without messaging and try again in the
 * background. In single mode the start fails
 * @param install how to install the PGMQ extension when it is missing
 * @param pool connection pool, in split mode
 */
@ConfigurationProperties("tasker.pgmq-database")
public record PgmqDatabaseProperties(@DefaultValue("true") boolean enabled, @Nullable String url,
		@Nullable String username, @Nullable String password, @DefaultValue("migrate") MigrationMode migration,
		@DefaultValue("false") boolean skipMigrationCheck, @DefaultValue("fail") OnFailure migrationOnFailure,
		@DefaultValue("auto") PgmqInstaller.Mode install, @DefaultValue Pool pool) {

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
		return "PgmqDatabaseProperties[enabled=" + this.enabled + ", migration=" + effectiveMigration()
				+ ", migrationOnFailure=" + this.migrationOnFailure + ", install=" + this.install + ", pool="
				+ this.pool + "]";
	}

	/**
	 * What to do when the schema cannot be brought up to date at start.
	 */
	public enum OnFailure {

		/** Do not start. */
		FAIL,

		/** Start without messaging, and try again in the background. */
		DEFER

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
	public record Pool(@DefaultValue("15") int maxConnections, @DefaultValue("3") int minConnections,
			@DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS) Duration acquireTimeout,
			@DefaultValue("300s") @DurationUnit(ChronoUnit.SECONDS) Duration idleTimeout,
			@DefaultValue("1800s") @DurationUnit(ChronoUnit.SECONDS) Duration maxLifetime,
			@DefaultValue("100ms") @DurationUnit(ChronoUnit.SECONDS) Duration slowAcquireThreshold) {

	}

}
