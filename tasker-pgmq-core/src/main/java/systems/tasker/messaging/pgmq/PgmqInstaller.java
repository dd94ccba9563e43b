/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;

/**
 * Installs PGMQ in a database that does not have it, completely or not at all. Whoever
 * calls this takes care that nobody else does so at the same time.
 */
public final class PgmqInstaller {

	private static final Logger logger = LoggerFactory.getLogger(PgmqInstaller.class);

	private static final String SCRIPT = "tasker/pgmq-extension/pgmq--1.11.1.sql";

	private final Mode mode;

	/**
	 * Create an installer.
	 * @param mode the way to install
	 */
	public PgmqInstaller(Mode mode) {
		this.mode = mode;
	}

	/**
	 * Install PGMQ unless it is there, whatever its version. With autocommit on this is
	 * one transaction; with autocommit off it is part of the transaction of the caller,
	 * who commits, and which an error leaves as it was.
	 * @param connection a connection to the database, which stays open
	 * @return what PGMQ is in the database now
	 * @throws PgmqInstallationException if PGMQ is missing and cannot be installed
	 * @throws SQLException if the database cannot be asked or the connection is lost
	 */
	public PgmqCapabilities install(Connection connection) throws SQLException {
		boolean autoCommit = connection.getAutoCommit();
		connection.setAutoCommit(false);
		Savepoint start = connection.setSavepoint();
		try {
			PgmqCapabilities installed = installUnlessPresent(connection);
			// Commits when it is switched on again.
			connection.setAutoCommit(autoCommit);
			return installed;
		}
		catch (SQLException | RuntimeException ex) {
			rollback(connection, start, autoCommit, ex);
			throw ex;
		}
	}

	private PgmqCapabilities installUnlessPresent(Connection connection) throws SQLException {
		Optional<PgmqCapabilities> present = PgmqCapabilities.probe(connection);
		if (present.isPresent()) {
			return present.get();
		}
		InstallTarget target = InstallTarget.read(connection);
		switch (this.mode) {
			case AUTO -> createExtensionOrRunScript(connection, target);
			case EXTENSION -> createExtension(connection, target);
			case SQL -> runScript(connection, target);
			case NONE -> throw target.installationForbidden();
		}
		PgmqCapabilities installed = PgmqCapabilities.probe(connection).orElseThrow();
		logger.info("Installed PGMQ {} in database {} ({})", installed.version(), target.database(),
				installed.installKind());
		return installed;
	}

	private void createExtensionOrRunScript(Connection connection, InstallTarget target) throws SQLException {
		if (target.hasUsableExtension()) {
			Savepoint beforeExtension = connection.setSavepoint();
			try {
				createExtension(connection, target);
				return;
			}
			catch (PgmqInstallationException ex) {
				// Managed services list extensions that they do not let everyone create.
				connection.rollback(beforeExtension);
				logger.info("CREATE EXTENSION pgmq failed, running the SQL of PGMQ instead", ex);
			}
		}
		runScript(connection, target);
	}

	private void createExtension(Connection connection, InstallTarget target) {
		target.requireCreate();
		target.requireExtension();
		execute(connection, target, "create extension pgmq");
	}

	private void runScript(Connection connection, InstallTarget target) {
		target.requireCreate();
		try {
			// Run as a whole: only the database knows where a function body ends.
			execute(connection, target, new ClassPathResource(SCRIPT, PgmqInstaller.class.getClassLoader())
				.getContentAsString(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + SCRIPT + "; is tasker-pgmq-migrations on the class path?",
					ex);
		}
	}

	private void execute(Connection connection, InstallTarget target, String sql) {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw target.installationFailed(ex);
		}
	}

	private static void rollback(Connection connection, Savepoint start, boolean autoCommit, Exception ex) {
		try {
			connection.rollback(start);
			connection.setAutoCommit(autoCommit);
		}
		catch (SQLException rollbackException) {
			ex.addSuppressed(rollbackException);
		}
	}

	/**
	 * The way to install.
	 */
	public enum Mode {

		/**
		 * As an extension where the server has one we can use and lets us, else by SQL.
		 */
		AUTO,

		/** As an extension, which the server must have. */
		EXTENSION,

		/** By running the SQL of PGMQ 1.11.1. */
		SQL,

		/** Not at all: PGMQ must be there. */
		NONE

	}

}
