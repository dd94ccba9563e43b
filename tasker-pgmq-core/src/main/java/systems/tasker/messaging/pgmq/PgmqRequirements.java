/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.messaging.pgmq.UnsupportedPgmqException.Problem;

/**
 * What the PGMQ of a database must be like. Better no start than queues that fail at the
 * first message.
 */
public final class PgmqRequirements {

	private static final Logger logger = LoggerFactory.getLogger(PgmqRequirements.class);

	private PgmqRequirements() {
	}

	/**
	 * Check version and queues. Changes nothing.
	 * @param connection a connection to the database, which stays open
	 * @return what PGMQ is there
	 * @throws UnsupportedPgmqException if PGMQ is missing, older than 1.5.1 or as 1.10.0
	 * and 1.10.1 are, or if an upgrade left queues behind that it cannot use
	 * @throws SQLException if the database cannot be asked
	 */
	public static PgmqCapabilities check(Connection connection) throws SQLException {
		PgmqCapabilities present = PgmqCapabilities.probe(connection)
			.orElseThrow(() -> unsupported("PGMQ is not installed",
					"let an administrator run CREATE EXTENSION pgmq, or set tasker.pgmq-database.migration to migrate"));
		checkVersion(present);
		checkQueues(connection);
		return present;
	}

	private static void checkVersion(PgmqCapabilities present) {
		switch (present.support()) {
			case TOO_OLD -> throw unsupported("PGMQ " + present.version() + " is too old, 1.5.1 is the least",
					upgrade(present, "1.5.1"));
			case BROKEN -> throw unsupported("PGMQ has functions of 1.10.0 or 1.10.1 (found: " + present.version()
					+ "), which cannot read queues that were there before the upgrade, or make queues that later versions cannot read",
					upgrade(present, "1.11.0"));
			case SUPPORTED -> {
			}
		}
	}

	private static String upgrade(PgmqCapabilities present, String least) {
		return switch (present.installKind()) {
			case EXTENSION ->
				"install the files of PGMQ " + least + " or later on the server and run ALTER EXTENSION pgmq UPDATE";
			case SQL -> "run the upgrade scripts of PGMQ up to " + least
					+ " or later, without their calls of pg_extension_config_dump";
		};
	}

	/*
	 * A role that only sends and reads may not see the list of queues. Whoever maintains
	 * it does.
	 */
	private static void checkQueues(Connection connection) throws SQLException {
		String sql = """
				select has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT')
				from pg_catalog.pg_class c
				join pg_catalog.pg_namespace n on n.oid = c.relnamespace
				where n.nspname = 'pgmq' and c.relname = 'meta'""";
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			if (!row.next() || !row.getBoolean(1)) {
				logger.debug("The role must not read pgmq.meta, the queues in it are not checked");
				return;
			}
		}
		List<Problem> problems = new ArrayList<>(ambiguousNames(connection));
		problems.addAll(missingColumns(connection));
		if (!problems.isEmpty()) {
			throw new UnsupportedPgmqException(problems);
		}
	}

	/*
	 * PGMQ lower-cases the name of a table and not the name in its list, so that its
	 * upgrade to 1.10 does not find the table. In the order of bytes the name in lower
	 * case is the last of its variants: that row stays.
	 */
	private static List<Problem> ambiguousNames(Connection connection) throws SQLException {
		return problems(connection,
				"""
						select
							format('queue %s has upper case in its name', quote_literal(m.queue_name)) as description,
							coalesce((
								select string_agg(format('ALTER EXTENSION pgmq DROP TABLE pgmq.%I; ', c.relname), '' order by c.relname)
								from pg_catalog.pg_depend d
								join pg_catalog.pg_extension e
									on d.refclassid = 'pg_catalog.pg_extension'::regclass and d.refobjid = e.oid
								join pg_catalog.pg_class c on d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
								where e.extname = 'pgmq' and d.deptype = 'e'
									and c.relname in ('q_' || lower(m.queue_name), 'a_' || lower(m.queue_name))), '')
							|| case
								when exists (
									select from pgmq.meta o
									where lower(o.queue_name) = lower(m.queue_name)
										and o.queue_name::text collate "C" > m.queue_name::text collate "C")
								then format('DELETE FROM pgmq.meta WHERE queue_name = %L', m.queue_name)
								else format('UPDATE pgmq.meta SET queue_name = %L WHERE queue_name = %L',
									lower(m.queue_name), m.queue_name)
							end as cure
						from pgmq.meta m
						where m.queue_name <> lower(m.queue_name)
						order by m.queue_name""");
	}

	/*
	 * What PGMQ reads is a row of its type message_record.
	 */
	private static List<Problem> missingColumns(Connection connection) throws SQLException {
		return problems(connection, """
				with expected as (
					select a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type
					from pg_catalog.pg_class c
					join pg_catalog.pg_namespace n on n.oid = c.relnamespace
					join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
					where n.nspname = 'pgmq' and c.relname = 'message_record'
				)
				select
					format('table pgmq.%I lacks column %I', c.relname, e.attname) as description,
					format('ALTER TABLE pgmq.%I ADD COLUMN %I %s', c.relname, e.attname, e.type) as cure
				from pg_catalog.pg_class c
				join pg_catalog.pg_namespace n on n.oid = c.relnamespace
				cross join expected e
				where n.nspname = 'pgmq' and c.relkind in ('r', 'p')
					and exists (
						select from pgmq.meta m
						where c.relname in ('q_' || lower(m.queue_name), 'a_' || lower(m.queue_name)))
					and not exists (
						select from pg_catalog.pg_attribute a
						where a.attrelid = c.oid and a.attname = e.attname and not a.attisdropped)
				order by c.relname, e.attnum""");
	}

	private static List<Problem> problems(Connection connection, String sql) throws SQLException {
		List<Problem> problems = new ArrayList<>();
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			while (row.next()) {
				problems.add(new Problem(row.getString("description"), row.getString("cure")));
			}
		}
		return problems;
	}

	private static UnsupportedPgmqException unsupported(String description, String cure) {
		return new UnsupportedPgmqException(List.of(new Problem(description, cure)));
	}

}
