/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * Unpacked PostgreSQL programs.
 *
 * @param bin the folder of the programs
 * @param share the folder whose {@code extension} folder holds the extensions
 * @param majorVersion the version, for example 18
 */
record Installation(Path bin, Path share, int majorVersion) {

	/**
	 * Unpack the programs, unless another server did, and create the data of a new
	 * server. Servers with and without PGMQ do not share programs.
	 * @param binaries the jar with the programs, or {@code null} for the class path
	 * @param pgmq whether the PGMQ extension is available
	 * @param home the folder of the new server
	 * @param address names the role that will own the databases
	 * @return the programs; no server is running
	 */
	static Installation createServer(@Nullable Path binaries, boolean pgmq, ServerHome home, ServerAddress address) {
		if (!pgmq) {
			return createServer(new PostgresBinaries(binaries, "plain"), home, address);
		}
		PgmqExtension extension = PgmqExtension.fromClassPath();
		PostgresBinaries programs = new PostgresBinaries(binaries, "pgmq-" + extension.version());
		Installation installation = createServer(programs, home, address);
		extension.copyTo(installation.share());
		return installation;
	}

	// This is all that zonky does: a server under its control could not crash and come
	// back.
	private static Installation createServer(PostgresBinaries binaries, ServerHome home, ServerAddress address) {
		try (EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setPgBinaryResolver(binaries)
			.setOverrideWorkingDirectory(binaries.workingDirectory().toFile())
			.setDataDirectory(home.data())
			.setCleanDataDirectory(false)
			// The same order of text everywhere, whatever the machine's locale.
			.setLocaleConfig("locale", "C")
			.setOutputRedirector(ProcessBuilder.Redirect.appendTo(home.controlLog().toFile()))
			.setPGStartupWait(Duration.ofMinutes(1))
			.start()) {
			createOwner(server.getPostgresDatabase(), address);
			return describe(server.getPostgresDatabase());
		}
		catch (IOException | SQLException | IllegalStateException ex) {
			throw new IllegalStateException("Cannot create a PostgreSQL server: " + ex.getMessage() + home.logs(), ex);
		}
		// This is how zonky reports that it could not unpack.
		catch (ExceptionInInitializerError ex) {
			throw new IllegalStateException("Cannot unpack the PostgreSQL programs: " + ex.getException(), ex);
		}
	}

	private static void createOwner(DataSource server, ServerAddress address) throws SQLException {
		try (Connection connection = server.getConnection(); Statement statement = connection.createStatement()) {
			statement
				.execute("create role %s login password '%s'".formatted(ServerAddress.OWNER, address.ownerPassword()));
		}
	}

	private static Installation describe(DataSource server) throws SQLException {
		try (Connection connection = server.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("""
						select (select setting from pg_config where name = 'BINDIR'),
						       (select setting from pg_config where name = 'SHAREDIR'),
						       current_setting('server_version_num')::int / 10000
						""")) {
			row.next();
			return new Installation(Path.of(row.getString(1)), Path.of(row.getString(2)), row.getInt(3));
		}
	}

}
