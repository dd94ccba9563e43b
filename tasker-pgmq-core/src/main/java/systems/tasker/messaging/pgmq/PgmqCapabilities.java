/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import javax.sql.DataSource;

/**
 * What PGMQ is in a database. PGMQ has no function that tells its version, so unless it
 * is an extension the version is concluded from what is there; so is, in any case, what
 * it can do.
 *
 * @param version the version, such as {@code 1.11.1}, or what it is at least, such as
 * {@code ≥ 1.11.1}
 * @param installKind how PGMQ was installed
 * @param support whether it can be used
 * @param features what it can do that others cannot
 */
public record PgmqCapabilities(String version, InstallKind installKind, Support support, Set<PgmqFeature> features) {

	/**
	 * Create capabilities.
	 * @param version the version
	 * @param installKind how PGMQ was installed
	 * @param support whether it can be used
	 * @param features what it can do; copied, in the order of {@link PgmqFeature}
	 */
	public PgmqCapabilities {
		EnumSet<PgmqFeature> copy = EnumSet.noneOf(PgmqFeature.class);
		copy.addAll(features);
		features = Collections.unmodifiableSet(copy);
	}

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
	 * Whether PGMQ can be used.
	 */
	public enum Support {

		/** It can be used. */
		SUPPORTED,

		/** It is older than 1.5.1. */
		TOO_OLD,

		/**
		 * It has functions of 1.10.0 and 1.10.1: they cannot read queues that were there
		 * before the upgrade, or make queues that later versions cannot read.
		 */
		BROKEN

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
		// The information schema would hide what the role must not use. The first
		// evidence that is there tells the version. Before 1.5.1 a message was hidden
		// from the begin of the transaction on, and so not at all in a long one. The
		// upgrade to 1.10 put last_read_at behind the other columns of tables that were
		// there, while functions still returned rows as they come; and it left alone the
		// function that creates queues. Both were mended by 1.11.0, which names columns.
		String sql = """
				with functions as (
					select p.proname, p.pronargs, p.proargtypes, p.prosrc
					from pg_catalog.pg_proc p
					join pg_catalog.pg_namespace n on n.oid = p.pronamespace
					where n.nspname = 'pgmq'
				), columns as (
					select c.relname, a.attname
					from pg_catalog.pg_class c
					join pg_catalog.pg_namespace n on n.oid = c.relnamespace
					left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
					where n.nspname = 'pgmq'
				), evidence (position, version, feature, present) as (
					values
						(1, '≥ 1.13.1', null, exists (select from functions
							where proname = 'notify_queue_listeners' and prosrc like '%TG_ARGV%')),
						(2, '≥ 1.13.0', null, exists (select from functions
							where proname = 'create_partitioned' and pronargs = 4)),
						(3, '≥ 1.12.0', null, exists (select from functions
							where proname = 'read_grouped_head_with_poll')),
						(4, '≥ 1.11.1', null, exists (select from functions where proname = 'read_grouped_head')),
						(5, '≥ 1.11.0', 'TOPICS', exists (select from functions where proname = 'bind_topic')),
						(6, '≥ 1.10.0', 'LAST_READ_AT', exists (select from columns
							where relname = 'message_record' and attname = 'last_read_at')),
						(7, '≥ 1.9.0', 'READ_GROUPED', exists (select from functions where proname = 'read_grouped')),
						(8, '≥ 1.8.0', 'NOTIFY_INSERT_THROTTLE', exists (select from columns
							where relname = 'notify_insert_throttle')),
						(9, null, 'SET_VT_ARRAY', exists (select from functions
							where proname = 'set_vt' and proargtypes[1] = 'bigint[]'::regtype)),
						(10, '≥ 1.7.0', 'POP_QUANTITY', exists (select from functions
							where proname = 'pop' and pronargs = 2)),
						(11, null, 'NOTIFY_INSERT', exists (select from functions
							where proname = 'enable_notify_insert')),
						(12, '≥ 1.6.0', null, exists (select from functions where proname = 'acquire_queue_lock')),
						(13, '≥ 1.5.1', 'LEAST', exists (select from columns cross join functions
							where relname = 'message_record' and attname = 'headers'
								and proname = 'set_vt' and prosrc like '%clock_timestamp()%')),
						(14, '1.5.0', null, exists (select from columns
							where relname = 'message_record' and attname = 'headers')),
						(15, '< 1.5.0', null, exists (select from columns where relname = 'message_record'))
				), found as (
					select position, version, feature from evidence where present
				)
				select
					(select extversion from pg_catalog.pg_extension where extname = 'pgmq') as extension_version,
					(select version from found where version is not null order by position limit 1) as probed_version,
					case
						when not exists (select from found where feature = 'LEAST')
							or exists (select from pg_catalog.pg_extension where extname = 'pgmq' and extversion = '1.5.0')
							then 'TOO_OLD'
						when exists (select from found where feature = 'LAST_READ_AT') and (
							exists (select from functions
								where proname in ('read', 'read_with_poll', 'pop', 'set_vt')
									and prosrc ~* 'returning\\s+(m\\.)?\\*')
							or not exists (select from functions
								where proname = 'create_non_partitioned' and prosrc like '%last_read_at%')) then 'BROKEN'
						else 'SUPPORTED'
					end as support,
					array(select feature from found where feature <> 'LEAST') as features""";
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			String extensionVersion = row.getString("extension_version");
			String version = (extensionVersion != null) ? extensionVersion : row.getString("probed_version");
			if (version == null) {
				return Optional.empty();
			}
			return Optional
				.of(new PgmqCapabilities(version, (extensionVersion != null) ? InstallKind.EXTENSION : InstallKind.SQL,
						Support.valueOf(row.getString("support")), features(row.getArray("features"))));
		}
	}

	private static Set<PgmqFeature> features(Array names) throws SQLException {
		Set<PgmqFeature> features = EnumSet.noneOf(PgmqFeature.class);
		for (String name : (String[]) names.getArray()) {
			features.add(PgmqFeature.valueOf(name));
		}
		return features;
	}

}
