/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PgmqInstallerIntegrationTests {

	private static final String IN_THE_WAY = """
			create schema pgmq;
			create function pgmq.send(queue_name text, msg jsonb) returns void language sql as ''""";

	// Ends with the JVM: tests may run one by one, and a server for each is much.
	private static final TaskerPostgres withoutExtension = TaskerPostgres.builder().withoutPgmq().start();

	@ParameterizedTest
	@CsvSource({ "AUTO, EXTENSION, 1.11.1", "EXTENSION, EXTENSION, 1.11.1", "SQL, SQL, ≥ 1.11.1" })
	void installsWhereTheExtensionIsAvailable(Mode mode, InstallKind kind, String version) throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			PgmqCapabilities installed = install(database.dataSource(), mode);
			assertThat(installed.version()).isEqualTo(version);
			assertThat(installed.installKind()).isEqualTo(kind);
			assertThat(PgmqCapabilities.probe(database.dataSource())).contains(installed);
			assertUsable(database.dataSource());
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "AUTO", "SQL" })
	void installsWhereTheExtensionIsNotAvailable(Mode mode) throws SQLException {
		try (TestDatabase database = withoutExtension.createEmptyDatabase()) {
			assertThat(install(database.dataSource(), mode).installKind()).isEqualTo(InstallKind.SQL);
			assertUsable(database.dataSource());
		}
	}

	@ParameterizedTest
	@EnumSource
	void leavesAnInstalledPgmqAlone(Mode mode) throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			PgmqCapabilities installed = install(database.dataSource(), Mode.SQL);
			assertThat(install(database.dataSource(), mode)).isEqualTo(installed);
		}
	}

	@Test
	void installsBySqlWhenTheServerDoesNotLetUsCreateTheExtension() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			JdbcClient superuser = JdbcClient.create(database.superuserDataSource());
			superuser.sql("""
					create function refuse() returns event_trigger language plpgsql as
					'begin raise exception ''not on this service'' using errcode = ''insufficient_privilege''; end'
					""").update();
			superuser.sql("""
					create event trigger refuse on ddl_command_start when tag in ('CREATE EXTENSION')
					execute function refuse()""").update();
			assertThatExceptionOfType(PgmqInstallationException.class)
				.isThrownBy(() -> install(database.dataSource(), Mode.EXTENSION))
				.withMessageContaining("42501")
				.withMessageContaining("tasker.pgmq-database.install")
				.withCauseInstanceOf(SQLException.class);
			assertAbsent(database.dataSource());
			assertThat(install(database.dataSource(), Mode.AUTO).installKind()).isEqualTo(InstallKind.SQL);
			assertUsable(database.dataSource());
		}
	}

	@Test
	void refusesWhenTheExtensionIsDemandedAndNotAvailable() {
		try (TestDatabase database = withoutExtension.createEmptyDatabase()) {
			assertThatExceptionOfType(PgmqInstallationException.class)
				.isThrownBy(() -> install(database.dataSource(), Mode.EXTENSION))
				.withMessageContaining("does not have the files")
				.withMessageContaining("tasker.pgmq-database.install");
			assertAbsent(database.dataSource());
		}
	}

	@Test
	void refusesWhenItMayNotInstall() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			assertThatExceptionOfType(PgmqInstallationException.class)
				.isThrownBy(() -> install(database.dataSource(), Mode.NONE))
				.withMessageContaining("tasker.pgmq-database.install is none")
				.withMessageContaining("database \"%s\"", database.name())
				.withMessageContaining("role \"%s\"", database.username());
			assertAbsent(database.dataSource());
		}
	}

	@ParameterizedTest
	@EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
	void refusesARoleWithoutTheRightToCreate(Mode mode) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Role role = new Role(database, "no\"right")) {
			assertThatExceptionOfType(PgmqInstallationException.class)
				.isThrownBy(() -> install(role.dataSource(), mode))
				.withMessageContaining("database \"%s\"", database.name())
				.withMessageContaining("GRANT CREATE ON DATABASE \"%s\" TO \"no\"\"right\"", database.name())
				.withMessageContaining("CREATE EXTENSION pgmq")
				.satisfies((ex) -> assertThat(ex).hasMessageNotContaining(role.password));
			assertAbsent(database.dataSource());
		}
	}

	@Test
	void leavesNothingBehindWhenTheScriptFails() throws SQLException {
		try (TestDatabase database = withoutExtension.createEmptyDatabase()) {
			JdbcClient owner = JdbcClient.create(database.dataSource());
			owner.sql(IN_THE_WAY).update();
			assertThatExceptionOfType(PgmqInstallationException.class)
				.isThrownBy(() -> install(database.dataSource(), Mode.AUTO))
				.withMessageContaining("42723");
			assertThat(owner.sql("select count(*) from pg_class where relnamespace = 'pgmq'::regnamespace")
				.query(Long.class)
				.single()).isZero();
		}
	}

	@Test
	void isPartOfTheTransactionOfACallerWithoutAutoCommit() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			connection.setAutoCommit(false);
			new PgmqInstaller(Mode.AUTO).install(connection);
			assertAbsent(database.dataSource());
			connection.rollback();
			assertAbsent(database.dataSource());
			new PgmqInstaller(Mode.SQL).install(connection);
			connection.commit();
			assertThat(connection.getAutoCommit()).isFalse();
			assertUsable(database.dataSource());
		}
	}

	@Test
	void failureLeavesTheTransactionOfTheCallerAsItWas() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute(IN_THE_WAY);
			}
			assertThatExceptionOfType(PgmqInstallationException.class)
				.isThrownBy(() -> new PgmqInstaller(Mode.SQL).install(connection));
			connection.commit();
			JdbcClient owner = JdbcClient.create(database.dataSource());
			assertThat(owner.sql("select proname from pg_proc where pronamespace = 'pgmq'::regnamespace")
				.query(String.class)
				.list()).containsExactly("send");
		}
	}

	@Test
	void restoresAutoCommit() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			assertThatExceptionOfType(PgmqInstallationException.class)
				.isThrownBy(() -> new PgmqInstaller(Mode.NONE).install(connection));
			assertThat(connection.getAutoCommit()).isTrue();
			new PgmqInstaller(Mode.AUTO).install(connection);
			assertThat(connection.getAutoCommit()).isTrue();
		}
	}

	private static PgmqCapabilities install(DataSource dataSource, Mode mode) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			return new PgmqInstaller(mode).install(connection);
		}
	}

	private static void assertUsable(DataSource dataSource) {
		JdbcClient.create(dataSource).sql("select pgmq.create('orders')").query().listOfRows();
		assertThat(MessagingFixture.service(dataSource).sendMessage("orders", 1).value()).isOne();
	}

	private static void assertAbsent(DataSource dataSource) {
		assertThat(JdbcClient.create(dataSource)
			.sql("select count(*) from pg_namespace where nspname = 'pgmq'")
			.query(Long.class)
			.single()).isZero();
	}

	/**
	 * A role that may connect and nothing else.
	 */
	private static final class Role implements AutoCloseable {

		private final TestDatabase database;

		private final String name;

		private final String password = UUID.randomUUID().toString();

		Role(TestDatabase database, String name) {
			this.database = database;
			this.name = name;
			execute("create role %s login password '%s'");
		}

		DataSource dataSource() {
			return new DriverManagerDataSource(this.database.jdbcUrl(), this.name, this.password);
		}

		private void execute(String sql) {
			JdbcClient.create(this.database.superuserDataSource())
				.sql(sql.formatted('"' + this.name.replace("\"", "\"\"") + '"', this.password))
				.update();
		}

		@Override
		public void close() {
			execute("drop role %s");
		}

	}

}
