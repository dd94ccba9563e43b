/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.autoconfigure.database.AbortableDataSource;
import systems.tasker.autoconfigure.database.MigrationMode;
import systems.tasker.autoconfigure.database.UnpooledDataSource;
import systems.tasker.database.MigrationSet;

/**
 * Applies or validates one {@link MigrationSet}. Not a {@link Flyway} bean: Boot would
 * show it to the application's Flyway, its endpoint and its customizers.
 */
public final class DatabaseMigration {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseMigration.class);

	/** The letters "Tasker" as a number: every instance must choose the same one. */
	private static final long LOCK = 0x5461736B6572L;

	/** By name, as the last is new in PostgreSQL 17. Whether only for a transaction. */
	private static final String WITHOUT_TIMEOUTS = """
			select set_config(name, '0', %s) from pg_catalog.pg_settings
			where setting <> '0'
				and name in ('idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')""";

	private final MigrationSet set;

	private final AbortableDataSource dataSource;

	private final Flyway reader;

	private final MigrationMode mode;

	private final @Nullable Preparation preparation;

	private volatile String state = "not run";

	DatabaseMigration(MigrationSet set, DataSource dataSource, MigrationMode mode, @Nullable Preparation preparation) {
		this.set = set;
		// An index on a large table may take its time.
		this.dataSource = new AbortableDataSource(UnpooledDataSource.patient(dataSource));
		this.reader = flyway(UnpooledDataSource.quick(dataSource), "");
		this.mode = mode;
		this.preparation = preparation;
	}

	/**
	 * Apply or validate the set, and wait for whoever is doing so elsewhere. Can be
	 * called again after it failed.
	 * @throws DatabaseMigrationException if the database cannot be reached or brought up
	 * to date
	 */
	public void migrate() {
		if (this.mode == MigrationMode.NONE) {
			this.state = "not checked";
			return;
		}
		try (Connection connection = this.dataSource.getConnection()) {
			// A lock that ends with its transaction survives no crash and works through a
			// transaction pooler.
			connection.setAutoCommit(false);
			try {
				requirePostgres(connection);
				lock(connection);
				run();
			}
			finally {
				unlock(connection);
			}
		}
		catch (SQLException | RuntimeException ex) {
			throw new DatabaseMigrationException(this.set, this.mode, this.dataSource.target(), ex);
		}
	}

	private static void requirePostgres(Connection connection) throws SQLException {
		String product = connection.getMetaData().getDatabaseProductName();
		if (!product.equals("PostgreSQL")) {
			throw new IllegalStateException("it is " + product + ", and only PostgreSQL will do");
		}
	}

	private void lock(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// This transaction does nothing while Flyway works.
			statement.execute(WITHOUT_TIMEOUTS.formatted(true));
			try (ResultSet result = statement.executeQuery("select pg_try_advisory_xact_lock(" + LOCK + ")")) {
				result.next();
				if (result.getBoolean(1)) {
					return;
				}
			}
			logger.info("Another instance is migrating the {} database, waiting for it", this.set.schema());
			statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
		}
	}

	// The lock ends with the connection at the latest.
	private void unlock(Connection connection) {
		try {
			connection.rollback();
			connection.setAutoCommit(true);
		}
		catch (SQLException ex) {
			logger.debug("The lock of the {} migration is not released by us", this.set.schema(), ex);
		}
	}

	private void run() throws SQLException {
		// Flyway holds a lock of its own, on one connection while it works on another.
		Flyway flyway = flyway(this.dataSource, "; " + WITHOUT_TIMEOUTS.formatted(false));
		MigrationInfoService migrations = flyway.info();
		SchemaMismatchException.throwIfNewer(migrations);
		if (this.mode == MigrationMode.MIGRATE) {
			prepare();
			flyway.migrate();
		}
		else {
			SchemaMismatchException.throwIfBehind(migrations);
			flyway.validate();
			prepare();
		}
		MigrationInfo current = flyway.info().current();
		this.state = "current" + ((current != null) ? version(current.getVersion()) : "");
	}

	private void prepare() throws SQLException {
		if (this.preparation != null) {
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute(WITHOUT_TIMEOUTS.formatted(false));
				this.preparation.prepare(connection, this.mode);
			}
		}
	}

	private static String version(@Nullable Object version) {
		return (version != null) ? ", version " + version : "";
	}

	private Flyway flyway(DataSource dataSource, String moreInitSql) throws FlywayException {
		return Flyway.configure(getClass().getClassLoader())
			.dataSource(dataSource)
			.locations("classpath:" + this.set.location())
			.failOnMissingLocations(true)
			.defaultSchema(this.set.schema())
			.table(this.set.historyTable())
			// All or nothing: a set that fails half way leaves no trace.
			.group(true)
			.initSql("set time zone 'UTC'" + moreInitSql)
			.loggers("slf4j")
			.load();
	}

	/**
	 * Return how the schema stands, for people.
	 * @return for example {@code current, version 1}, or {@code not checked}
	 */
	public String state() {
		return this.state;
	}

	/**
	 * Return what the database says about its migrations, within seconds.
	 * @return the migrations
	 * @throws FlywayException if the database cannot be asked
	 */
	public MigrationHistory history() {
		return MigrationHistory.of(this.reader.info());
	}

	/**
	 * Ask the server to end a {@link #migrate} that another thread is in, for good.
	 */
	public void cancel() {
		this.dataSource.cancel();
	}

	/**
	 * End a {@link #migrate} that another thread is in, for good, without the server.
	 */
	public void abort() {
		this.dataSource.abort();
	}

	/**
	 * Provides what a set needs beside its migrations, or only checks it.
	 */
	@FunctionalInterface
	interface Preparation {

		void prepare(Connection connection, MigrationMode mode) throws SQLException;

	}

}
