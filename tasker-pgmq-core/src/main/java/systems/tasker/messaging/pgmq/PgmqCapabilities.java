/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import javax.sql.DataSource;

/**
 * What PGMQ is in a database. PGMQ has no function that tells its version, so unless it
 * is an extension the version is concluded from what is there.
 *
 * @param version the version, such as {@code 1.11.1}, or what it is at least, such as
 * {@code ≥ 1.11.1}
 * @param installKind how PGMQ was installed
 */
public record PgmqCapabilities(String version, InstallKind installKind) {

	/**
	 * How PGMQ was installed.
	 */
	public enum InstallKind {

		/** By {@code CREATE EXTENSION}. */
		EXTENSION,

		/** By running its SQL. */
		SQL

	}

	/**
	 * Look at a database.
	 * @param dataSource the database
	 * @return what PGMQ is there, or nothing when there is none
	 * @throws SQLException if the database cannot be asked
	 */
	public static Optional<PgmqCapabilities> probe(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			return probe(connection);
		}
	}

	/**
	 * Look at a database.
	 * @param connection a connection to the database, which stays open
	 * @return what PGMQ is there, or nothing when there is none
	 * @throws SQLException if the database cannot be asked
	 */
	public static Optional<PgmqCapabilities> probe(Connection connection) throws SQLException {
		// The information schema would hide what the role must not use.
		String sql = """
				with functions as (
					select p.proname, p.pronargs, p.prosrc
					from pg_catalog.pg_proc p
					join pg_catalog.pg_namespace n on n.oid = p.pronamespace
					where n.nspname = 'pgmq'
				), columns as (
					select c.relname, a.attname
					from pg_catalog.pg_class c
					join pg_catalog.pg_namespace n on n.oid = c.relnamespace
					left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
					where n.nspname = 'pgmq'
				)
				select
					(select extversion from pg_catalog.pg_extension where extname = 'pgmq') as extension_version,
					case
						when exists (select from functions
							where proname = 'notify_queue_listeners' and prosrc like '%TG_ARGV%') then '≥ 1.13.1'
						when exists (select from functions
							where proname = 'create_partitioned' and pronargs = 4) then '≥ 1.13.0'
						when exists (select from functions where proname = 'read_grouped_head_with_poll') then '≥ 1.12.0'
						when exists (select from functions where proname = 'read_grouped_head') then '≥ 1.11.1'
						when exists (select from functions where proname = 'bind_topic') then '≥ 1.11.0'
						when exists (select from columns
							where relname = 'message_record' and attname = 'last_read_at') then '≥ 1.10.0'
						when exists (select from functions where proname = 'read_grouped') then '≥ 1.9.0'
						when exists (select from columns where relname = 'notify_insert_throttle') then '≥ 1.8.0'
						when exists (select from functions where proname = 'pop' and pronargs = 2) then '≥ 1.7.0'
						when exists (select from functions where proname = 'acquire_queue_lock') then '≥ 1.6.0'
						when exists (select from columns
							where relname = 'message_record' and attname = 'headers') then '≥ 1.5.0'
						when exists (select from columns where relname = 'message_record') then '< 1.5.0'
					end as probed_version""";
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			String extensionVersion = row.getString("extension_version");
			if (extensionVersion != null) {
				return Optional.of(new PgmqCapabilities(extensionVersion, InstallKind.EXTENSION));
			}
			return Optional.ofNullable(row.getString("probed_version"))
				.map((version) -> new PgmqCapabilities(version, InstallKind.SQL));
		}
	}

}
