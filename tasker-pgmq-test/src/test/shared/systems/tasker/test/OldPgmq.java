/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.jdbc.core.JdbcTemplate;

import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqInstaller;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;

/**
 * Old versions of PGMQ, from the newest to the oldest. Each is made from a newer one: the
 * tables and types lose what was not there yet, and the functions are those that the
 * upgrade scripts of PGMQ have made by then. No script makes some helpers, which stay.
 * <p>
 * PGMQ never published a 1.10.2. It stands for 1.10.1 with nothing but its fault mended,
 * as 1.11.0 mended it.
 */
public enum OldPgmq {

	V1_10_2("1.10.2"), V1_10_1("1.10.1"), V1_10_0("1.10.0"), V1_9("1.9.0"), V1_8("1.8.0"), V1_7("1.7.0"),
	V1_5_1("1.5.1"), V1_5_0("1.5.0");

	// The build of the migrations puts them there, out of the archive that it downloads.
	private static final Path SCRIPTS = Path.of("..", "migrations", "target", "pgmq-upgrades");

	private static final Version FIRST = Version.parse("1.4.1");

	private static final String MENDING = "pgmq--1.10.1--1.11.0.sql";

	private static final Pattern MENDED = Pattern
		.compile("(?i)^[A-Z ]* FUNCTION pgmq\\.(?:read|read_with_poll|pop|set_vt)\\(");

	private static final Pattern FUNCTION = Pattern.compile(
			"^(?:DROP FUNCTION [^;]*;|CREATE (?:OR REPLACE )?FUNCTION [^$]*\\$\\$.*?\\$\\$[^;]*;)",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.MULTILINE);

	private final Version version;

	OldPgmq(String version) {
		this.version = Version.parse(version);
	}

	/**
	 * Return what can be concluded of the version.
	 * @param kind how PGMQ was installed
	 * @return the version, or what it is at least
	 */
	public String version(InstallKind kind) {
		if (kind == InstallKind.EXTENSION || this == V1_5_0) {
			return this.version.toString();
		}
		return is1x10() ? "≥ 1.10.0" : "≥ " + this.version;
	}

	private boolean is1x10() {
		return compareTo(V1_10_0) <= 0;
	}

	/**
	 * Install 1.11.1, to step back from.
	 * @param database a database without PGMQ
	 * @param kind how to install it
	 */
	public static void installNewest(TestDatabase database, InstallKind kind) {
		try (Connection connection = database.dataSource().getConnection()) {
			new PgmqInstaller((kind == InstallKind.SQL) ? Mode.SQL : Mode.EXTENSION).install(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		if (kind == InstallKind.EXTENSION) {
			// What belongs to an extension cannot be changed by itself.
			new JdbcTemplate(database.superuserDataSource()).update("""
					delete from pg_catalog.pg_depend
					where refclassid = 'pg_catalog.pg_extension'::regclass and deptype = 'e'
						and refobjid = (select oid from pg_catalog.pg_extension where extname = 'pgmq')""");
		}
	}

	/**
	 * Install this version as an extension, which is what the scripts upgrade. Before 1.6
	 * their functions make each queue a part of it.
	 * @param database a database without PGMQ
	 */
	public void install(TestDatabase database) {
		installNewest(database, InstallKind.EXTENSION);
		stepBack(database, InstallKind.EXTENSION);
	}

	/**
	 * Make this version of a newer one.
	 * @param database a database with the newer one
	 * @param kind how that was installed
	 */
	public void stepBack(TestDatabase database, InstallKind kind) {
		JdbcTemplate owner = new JdbcTemplate(database.dataSource());
		owner.execute("""
				do $$
				declare
				  newer regprocedure;
				begin
				  for newer in
				    select p.oid from pg_catalog.pg_proc p
				    where p.pronamespace = 'pgmq'::regnamespace
				      and p.proname not in ('list_queues', 'metrics_all', 'validate_queue_name', '_belongs_to_pgmq',
				        '_extension_exists', '_get_partition_col', '_ensure_pg_partman_installed')
				  loop
				    execute format('drop function %s', newer);
				  end loop;
				end
				$$""");
		owner.execute("drop table if exists pgmq.topic_bindings");
		if (compareTo(V1_9) >= 0) {
			owner.execute("alter type pgmq.message_record drop attribute if exists last_read_at");
		}
		if (compareTo(V1_7) >= 0) {
			owner.execute("drop table if exists pgmq.notify_insert_throttle");
		}
		owner.execute("set check_function_bodies = off; " + functions());
		if (kind == InstallKind.EXTENSION) {
			new JdbcTemplate(database.superuserDataSource())
				.update("update pg_catalog.pg_extension set extversion = ? where extname = 'pgmq'", version(kind));
		}
	}

	private String functions() {
		try (Stream<Path> scripts = Files.list(SCRIPTS)) {
			Stream<String> made = scripts
				.filter((script) -> target(script).compareTo(FIRST) >= 0 && target(script).compareTo(this.version) <= 0)
				.sorted(Comparator.comparing(OldPgmq::target))
				.flatMap(OldPgmq::functions);
			Stream<String> mended = (this == V1_10_2) ? functions(SCRIPTS.resolve(MENDING)).filter(MENDED.asPredicate())
					: Stream.empty();
			return Stream.concat(made, mended)
				.map((statement) -> statement.replaceFirst("(?i)^DROP FUNCTION (?!IF)", "DROP FUNCTION IF EXISTS "))
				.collect(Collectors.joining("\n"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Build tasker-pgmq-migrations first", ex);
		}
	}

	private static Stream<String> functions(Path script) {
		return FUNCTION.matcher(read(script)).results().map(MatchResult::group);
	}

	/**
	 * To which version a script upgrades: pgmq--1.4.5--1.5.0.sql.
	 */
	private static Version target(Path script) {
		String name = script.getFileName().toString();
		return Version.parse(name.substring(name.lastIndexOf("--") + 2, name.lastIndexOf(".sql")));
	}

	private static String read(Path script) {
		try {
			return Files.readString(script);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
