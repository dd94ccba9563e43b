/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;
import systems.tasker.test.OldPgmq;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PgmqRequirements}. Old catalogs are made from PGMQ 1.11.1, installed
 * as SQL, by taking away what later versions added.
 */
class PgmqRequirementsIntegrationTests {

	private TestDatabase database;

	private JdbcClient owner;

	@BeforeEach
	void installPgmq() throws SQLException {
		this.database = TaskerPostgres.shared().createEmptyDatabase();
		this.owner = JdbcClient.create(this.database.dataSource());
		install(Mode.SQL);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void acceptsWhatTheInstallerInstalls() throws SQLException {
		run("select pgmq.create('orders')");
		check();
	}

	@Test
	void acceptsTheExtension() throws SQLException {
		try (TestDatabase extension = TaskerPostgres.shared().createDatabase();
				Connection connection = extension.dataSource().getConnection()) {
			PgmqRequirements.check(connection);
		}
	}

	@Test
	void acceptsVersionsFrom1_5_1() throws SQLException {
		OldPgmq.V1_5_1.stepBack(this.database, InstallKind.SQL);
		check();
	}

	@Test
	void refuses1_5_0WhichHidesMessagesFromTheBeginOfTheTransaction() {
		OldPgmq.V1_5_0.stepBack(this.database, InstallKind.SQL);
		assertRefused("PGMQ 1.5.0 is too old, 1.5.1 is the least", "upgrade scripts of PGMQ up to 1.5.1");
	}

	@Test
	void refusesTheExtension1_5_0() throws SQLException {
		run("drop schema pgmq cascade");
		install(Mode.EXTENSION);
		JdbcClient.create(this.database.superuserDataSource())
			.sql("update pg_catalog.pg_extension set extversion = '1.5.0' where extname = 'pgmq'")
			.update();
		assertRefused("PGMQ 1.5.0 is too old, 1.5.1 is the least", "ALTER EXTENSION pgmq UPDATE");
	}

	@Test
	void refusesADatabaseWithoutPgmq() {
		run("drop schema pgmq cascade");
		assertRefused("PGMQ is not installed", "CREATE EXTENSION pgmq");
	}

	@Test
	void refusesVersionsBefore1_5_0() throws SQLException {
		stepBackTo1_9();
		run("alter type pgmq.message_record drop attribute headers cascade");
		run("drop function pgmq.read_grouped");
		run("drop table pgmq.notify_insert_throttle");
		run("drop function pgmq.pop");
		run("drop function pgmq.acquire_queue_lock");
		assertRefused("PGMQ < 1.5.0 is too old, 1.5.1 is the least", "upgrade scripts of PGMQ up to 1.5.1");
	}

	@ParameterizedTest
	@EnumSource(names = { "V1_10_1", "V1_10_0" })
	void refusesVersionsWhoseUpgradeBreaksQueues(OldPgmq version) {
		version.stepBack(this.database, InstallKind.SQL);
		assertRefused("PGMQ has functions of 1.10.0 or 1.10.1 (found: ≥ 1.10.0)",
				"upgrade scripts of PGMQ up to 1.11.0");
	}

	@Test
	void acceptsThemWhenTheyAreMended() throws SQLException {
		OldPgmq.V1_10_2.stepBack(this.database, InstallKind.SQL);
		run("select pgmq.create('orders')");
		check();
	}

	@ParameterizedTest
	@ValueSource(strings = { "read(text, integer, integer, jsonb)",
			"read_with_poll(text, integer, integer, integer, integer, jsonb)", "pop(text, integer)",
			"set_vt(text, bigint, timestamptz)", "set_vt(text, bigint[], timestamptz)" })
	void refusesAFunctionThatReturnsRowsAsTheyCome(String function) {
		JdbcClient.create(this.database.superuserDataSource()).sql("""
				update pg_proc set prosrc = regexp_replace(prosrc, 'RETURNING [^;]*', E'returning\\n *')
				where oid = 'pgmq.%s'::regprocedure""".formatted(function)).update();
		assertRefused("PGMQ has functions of 1.10.0 or 1.10.1 (found: ≥ 1.11.1)", "up to 1.11.0");
	}

	@Test
	void refusesAnUpgradeThatCreatesQueuesAsBefore() {
		createQueuesWithoutLastReadAt();
		assertRefused("PGMQ has functions of 1.10.0 or 1.10.1", "up to 1.11.0");
	}

	@Test
	void namesTheCureOfAnExtension() throws SQLException {
		run("drop schema pgmq cascade");
		install(Mode.EXTENSION);
		createQueuesWithoutLastReadAt();
		assertRefused("PGMQ has functions of 1.10.0 or 1.10.1 (found: 1.11.1)", "ALTER EXTENSION pgmq UPDATE");
	}

	@Test
	void refusesAQueueThatLacksAColumn() throws SQLException {
		run("select pgmq.create('orders')");
		run("alter table pgmq.q_orders drop column last_read_at");
		run("alter table pgmq.a_orders drop column headers");
		UnsupportedPgmqException refusal = refusal();
		assertThat(refusal)
			.hasMessage("table pgmq.a_orders lacks column headers; table pgmq.q_orders lacks column last_read_at");
		run(refusal.cure());
		check();
		assertThat(this.owner.sql("select send from pgmq.send('orders', '1')").query(Long.class).single()).isOne();
		assertThat(this.owner.sql("select msg_id from pgmq.read('orders', 1, 1)").query(Long.class).list()).hasSize(1);
	}

	@Test
	void refusesAQueueWithUpperCaseInItsName() throws SQLException {
		run("select pgmq.create('MyQueue')");
		UnsupportedPgmqException refusal = refusal();
		assertThat(refusal).hasMessage("queue 'MyQueue' has upper case in its name");
		assertThat(refusal.cure())
			.isEqualTo("UPDATE pgmq.meta SET queue_name = 'myqueue' WHERE queue_name = 'MyQueue'");
		run(refusal.cure());
		check();
	}

	@Test
	void keepsOneNameOfSeveralForOneTable() throws SQLException {
		run("select pgmq.create('MYQ')");
		run("insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values ('MyQ', false, false)");
		UnsupportedPgmqException refusal = refusal();
		assertThat(refusal).hasMessageContainingAll("'MYQ'", "'MyQ'");
		run(refusal.cure());
		check();
		assertThat(this.owner.sql("select queue_name from pgmq.meta").query(String.class).list())
			.containsExactly("myq");
	}

	@Test
	void takesTheTableOfAMixedCaseNameOutOfTheExtension() throws SQLException {
		run("drop schema pgmq cascade");
		install(Mode.EXTENSION);
		run("select pgmq.create('MyQueue')");
		run("alter extension pgmq add table pgmq.q_myqueue");
		run("alter extension pgmq add table pgmq.a_myqueue");
		UnsupportedPgmqException refusal = refusal();
		assertThat(refusal.cure()).startsWith(
				"ALTER EXTENSION pgmq DROP TABLE pgmq.a_myqueue; ALTER EXTENSION pgmq DROP TABLE pgmq.q_myqueue; UPDATE");
		run(refusal.cure());
		check();
		run("select pgmq.drop_queue('myqueue')");
	}

	@Test
	void showsNoMoreThanIsRead() {
		for (int i = 1; i <= 7; i++) {
			run("select pgmq.create('Q%d')".formatted(i));
		}
		assertThat(refusal()).hasMessageContaining("'Q5'").hasMessageEndingWith("; and 2 more");
	}

	@Test
	void acceptsARoleThatMustNotSeeTheListOfQueues() throws SQLException {
		run("select pgmq.create('MyQueue')");
		JdbcClient administrator = JdbcClient.create(this.database.superuserDataSource());
		administrator.sql("drop role if exists consumer").update();
		administrator.sql("create role consumer").update();
		try (Connection connection = this.database.superuserDataSource().getConnection()) {
			connection.createStatement().execute("set role consumer");
			PgmqRequirements.check(connection);
		}
		finally {
			administrator.sql("drop role consumer").update();
		}
	}

	private void stepBackTo1_9() {
		run("drop function pgmq.read_grouped_head");
		run("drop function pgmq.bind_topic");
		run("alter type pgmq.message_record drop attribute last_read_at cascade");
	}

	private void createQueuesWithoutLastReadAt() {
		run("""
				create or replace function pgmq.create_non_partitioned(queue_name text) returns void language plpgsql as
				'begin raise exception ''as before 1.10''; end'""");
	}

	private void install(Mode mode) throws SQLException {
		try (Connection connection = this.database.dataSource().getConnection()) {
			new PgmqInstaller(mode).install(connection);
		}
	}

	private void run(String sql) {
		try (Connection connection = this.database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void check() throws SQLException {
		try (Connection connection = this.database.dataSource().getConnection()) {
			PgmqRequirements.check(connection);
		}
	}

	private void assertRefused(String message, String cure) {
		UnsupportedPgmqException refusal = refusal();
		assertThat(refusal).hasMessageContaining(message);
		assertThat(refusal.cure()).contains(cure);
	}

	private UnsupportedPgmqException refusal() {
		return Assertions.catchThrowableOfType(UnsupportedPgmqException.class, this::check);
	}

}
