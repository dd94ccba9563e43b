/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqCapabilities.Support;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class PgmqCapabilitiesIntegrationTests {

	private static final Set<PgmqFeature> ALL = Set.of(PgmqFeature.values());

	@Test
	void findsNothingInAnEmptyDatabase() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			assertThat(PgmqCapabilities.probe(database.dataSource())).isEmpty();
		}
	}

	@Test
	void knowsTheVersionOfTheExtension() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			assertThat(PgmqCapabilities.probe(database.dataSource()))
				.contains(new PgmqCapabilities("1.11.1", InstallKind.EXTENSION, Support.SUPPORTED, ALL));
		}
	}

	@Test
	void findsPgmqThatTheRoleMayNotUse() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.superuserDataSource().getConnection()) {
			new PgmqInstaller(Mode.SQL).install(connection);
			assertThat(PgmqCapabilities.probe(database.dataSource()))
				.contains(new PgmqCapabilities("≥ 1.11.1", InstallKind.SQL, Support.SUPPORTED, ALL));
		}
	}

	@Test
	void concludesTheVersionFromWhatIsThere() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			new PgmqInstaller(Mode.SQL).install(connection);
			assertVersionAfter(connection, "drop function pgmq.read_grouped_head", "≥ 1.11.0");
			assertVersionAfter(connection, "drop function pgmq.bind_topic", "≥ 1.10.0");
			assertVersionAfter(connection, "alter type pgmq.message_record drop attribute last_read_at cascade",
					"≥ 1.9.0");
			assertVersionAfter(connection, "drop function pgmq.read_grouped", "≥ 1.8.0");
			assertVersionAfter(connection, "drop table pgmq.notify_insert_throttle", "≥ 1.7.0");
			assertVersionAfter(connection, "drop function pgmq.pop", "≥ 1.6.0");
			assertVersionAfter(connection, "drop function pgmq.acquire_queue_lock", "≥ 1.5.1");
			assertVersionAfter(connection, """
					do 'declare
					  hiding regprocedure;
					begin
					  for hiding in select oid from pg_proc where proname = ''set_vt'' and prosrc like ''%clock%'' loop
					    execute ''drop function '' || hiding;
					  end loop;
					end'""", "1.5.0");
			assertVersionAfter(connection, "alter type pgmq.message_record drop attribute headers cascade", "< 1.5.0");
			assertVersionAfter(connection, "create function pgmq.read_grouped_head_with_poll() returns int return 1",
					"≥ 1.12.0");
			assertVersionAfter(connection, """
					create function pgmq.create_partitioned(text, text, text, premake int) returns int
					return 1""", "≥ 1.13.0");
			assertVersionAfter(connection, """
					create or replace function pgmq.notify_queue_listeners() returns trigger language plpgsql as
					'begin perform TG_ARGV[0]; return new; end'""", "≥ 1.13.1");
		}
	}

	private static void assertVersionAfter(Connection connection, String change, String version) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(change);
		}
		assertThat(PgmqCapabilities.probe(connection)).as(change).map(PgmqCapabilities::version).contains(version);
	}

}
