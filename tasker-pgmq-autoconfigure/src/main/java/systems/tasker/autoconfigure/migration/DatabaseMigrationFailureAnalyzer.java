/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import systems.tasker.database.MigrationSet;
import systems.tasker.messaging.pgmq.PgmqInstallationException;
import systems.tasker.messaging.pgmq.UnsupportedPgmqException;

/**
 * Says why a database could not be used at start, in which property its address is, and
 * what to do.
 */
class DatabaseMigrationFailureAnalyzer extends AbstractFailureAnalyzer<DatabaseMigrationException> {

	private final Environment environment;

	DatabaseMigrationFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, DatabaseMigrationException cause) {
		if (cause.getCause() instanceof PgmqInstallationException ex) {
			return new FailureAnalysis("PGMQ cannot be used in " + cause.address() + ". " + ex.getMessage(),
					"Do what the message names, or set tasker.pgmq-database.install to another way", cause);
		}
		Diagnosis diagnosis = diagnose(cause);
		return new FailureAnalysis("%s at %s %s: %s".formatted(name(cause.set()), cause.address(),
				diagnosis.description(), cause.rootMessage()), diagnosis.action(), cause);
	}

	private Diagnosis diagnose(DatabaseMigrationException cause) {
		if (cause.getCause() instanceof UnsupportedPgmqException ex) {
			return new Diagnosis("has a PGMQ that cannot be used",
					StringUtils.capitalize(ex.cure()) + ". " + withoutCheck(cause.set()));
		}
		if (cause.getCause() instanceof SchemaMismatchException ex) {
			return ex.isNewer() ? newer(cause.set()) : behind(cause.set());
		}
		if (cause.getCause() instanceof FlywayValidateException) {
			return new Diagnosis("does not have the schema this application was built for",
					"A migration that was applied here is not the one this version has: start the version that applied it, "
							+ "or a later one. " + withoutCheck(cause.set()));
		}
		return diagnose(String.valueOf(cause.sqlState()), cause.set());
	}

	private static Diagnosis newer(MigrationSet set) {
		return new Diagnosis("belongs to a newer version of the application",
				"Start the version that migrated it, or a later one. To let this one work beside it, "
						+ "as while instances are replaced one by one, say so: " + withoutCheck(set));
	}

	private static Diagnosis behind(MigrationSet set) {
		return new Diagnosis("does not have the schema this application was built for",
				"Apply the migrations of this version (migrations/README.md says how), or set %s.migration to migrate"
					.formatted(prefix(set)));
	}

	private Diagnosis diagnose(String state, MigrationSet set) {
		String property = property(set);
		// The second is the driver's own: no password to give, or no TLS where it must
		// be.
		if (state.startsWith("28") || state.equals("08004")) {
			return new Diagnosis("refuses the login",
					"Check user and password in %s (or its .username and .password beside it), its sslmode, and what pg_hba.conf on the server allows"
						.formatted(property));
		}
		if (state.equals("3D000")) {
			return new Diagnosis("does not exist",
					"Create the database, or correct its name in %s".formatted(property));
		}
		if (state.equals("57P03")) {
			return new Diagnosis("is starting up or shutting down",
					"Start again when the server of %s accepts connections".formatted(property));
		}
		if (state.startsWith("08")) {
			return new Diagnosis("cannot be reached",
					"Start the server, or correct host and port in %s".formatted(property));
		}
		if (state.equals("53300")) {
			return new Diagnosis("has no room for another connection",
					"Raise max_connections on the server, or lower what its users open: each instance of this application up to %s.pool.max-connections. Migrations need 3 connections"
						.formatted(prefix(set)));
		}
		if (state.equals("25006")) {
			return new Diagnosis("is read-only and cannot be migrated",
					"Name the primary server in %s, not a standby (with several hosts add targetServerType=primary), and see that default_transaction_read_only is off. An application that only reads sets %s.migration to validate"
						.formatted(property, prefix(set)));
		}
		if (state.equals("42501")) {
			return new Diagnosis("refuses a right the migration needs",
					"Grant the role of %s CREATE on the database, or have an administrator apply the migrations and set %s.migration to validate"
						.formatted(property, prefix(set)));
		}
		return new Diagnosis("cannot be brought up to date",
				"Correct what the message names and start again; each set of migrations is applied as a whole or not at all");
	}

	private static String withoutCheck(MigrationSet set) {
		return "%s.skip-migration-check=true starts without this check".formatted(prefix(set));
	}

	private static String prefix(MigrationSet set) {
		return (set == MigrationSet.TASKER) ? "tasker.database" : "tasker.pgmq-database";
	}

	// In single mode the queues have no address of their own.
	private String property(MigrationSet set) {
		if (set == MigrationSet.PGMQ && isSet("tasker.pgmq-database.url")) {
			return "tasker.pgmq-database.url (PGMQ_DATABASE_URL)";
		}
		return (isSet("tasker.database.url") || !isSet("spring.datasource.url")) ? "tasker.database.url (DATABASE_URL)"
				: "spring.datasource.url";
	}

	private boolean isSet(String property) {
		return StringUtils.hasText(this.environment.getProperty(property));
	}

	private static String name(MigrationSet set) {
		return (set == MigrationSet.TASKER) ? "The Tasker database" : "The PGMQ database";
	}

	private record Diagnosis(String description, String action) {

	}

}
