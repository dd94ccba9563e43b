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
import java.util.stream.Stream;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;

import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;
import systems.tasker.test.TestDatabase;

/**
 * Versions of PGMQ whose scripts we do not have, from the newest to the oldest. Each is
 * made from the one before by a step that takes away what was new there; the first is
 * made from 1.11.1. A queue has columns, and a function arguments and results, as in that
 * version.
 */
enum OldPgmq {

	V1_10("1.10", "1.10.0"), V1_9("1.9", "1.9.0"), V1_8("1.8", "1.8.0"), V1_7("1.7", "1.7.0"), V1_5("1.5", "1.5.1");

	private final String step;

	private final String least;

	OldPgmq(String step, String least) {
		this.step = step;
		this.least = least;
	}

	/**
	 * Return what can be concluded of the version.
	 */
	String version(InstallKind kind) {
		return switch (kind) {
			case EXTENSION -> this.least;
			case SQL -> "≥ " + this.least;
		};
	}

	/**
	 * Install 1.11.1, to step back from.
	 */
	static void installNewest(TestDatabase database, InstallKind kind) {
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
	 * Install this version as SQL.
	 */
	void install(TestDatabase database) {
		installNewest(database, InstallKind.SQL);
		stepBackFromNewest(database);
	}

	/**
	 * Make this version of 1.11.1 that was installed as SQL.
	 */
	void stepBackFromNewest(TestDatabase database) {
		Stream.of(values())
			.filter((newer) -> newer.compareTo(this) <= 0)
			.forEach((newer) -> newer.stepBack(database, InstallKind.SQL));
	}

	/**
	 * Make this version of the next newer one.
	 */
	void stepBack(TestDatabase database, InstallKind kind) {
		new JdbcTemplate(database.dataSource()).execute(sql());
		if (kind == InstallKind.EXTENSION) {
			new JdbcTemplate(database.superuserDataSource())
				.update("update pg_catalog.pg_extension set extversion = ? where extname = 'pgmq'", this.least);
		}
	}

	private String sql() {
		try {
			return new ClassPathResource("pgmq-steps/" + this.step + ".sql").getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
