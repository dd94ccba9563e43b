/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.database.MigrationSet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TaskerPostgresIntegrationTests {

	private final TaskerPostgres server = TaskerPostgres.shared();

	@Test
	void versionIsThatOfTheBinaries() {
		String binaries = System.getProperty(TaskerPostgres.BINARIES_PROPERTY, "postgres-18");
		assertThat(this.server.version()).isEqualTo(binaries.contains("postgres-17") ? 17 : 18);
		try (TestDatabase database = this.server.createEmptyDatabase()) {
			assertThat(JdbcClient.create(database.dataSource()).sql("select version()").query(String.class).single())
				.startsWith("PostgreSQL " + this.server.version() + ".");
		}
	}

	@Test
	void ownerInstallsAndUsesTheGenuineExtension() {
		try (TestDatabase database = this.server.createEmptyDatabase()) {
			JdbcClient client = JdbcClient.create(database.dataSource());
			client.sql("create extension pgmq").update();
			client.sql("select from pgmq.create('orders')").query().listOfRows();
			client.sql("select from pgmq.send('orders', '{\"id\": 7}'::jsonb)").query().listOfRows();
			assertThat(client.sql("select message ->> 'id' from pgmq.read('orders', 30, 1)").query(String.class).list())
				.containsExactly("7");
		}
	}

	@Test
	void createdDatabaseHasPgmqAndBothMigrationHistories() {
		try (TestDatabase database = this.server.createDatabase()) {
			JdbcClient client = JdbcClient.create(database.dataSource());
			assertThat(client.sql("select extname from pg_extension").query(String.class).list()).contains("pgmq");
			for (MigrationSet set : MigrationSet.values()) {
				assertThat(client.sql("select to_regclass(?) is not null")
					.param(set.schema() + "." + set.historyTable())
					.query(Boolean.class)
					.single()).as(set.historyTable()).isTrue();
			}
		}
	}

	@Test
	void createdDatabaseBelongsToAPlainRole() {
		try (TestDatabase database = this.server.createDatabase()) {
			JdbcClient client = JdbcClient.create(database.dataSource());
			assertThat(client.sql("""
					select pg_get_userbyid(datdba) from pg_database where datname = current_database()
					union select pg_get_userbyid(extowner) from pg_extension where extname = 'pgmq'
					union select pg_get_userbyid(nspowner) from pg_namespace where nspname in ('tasker', 'tasker_pgmq')
					""").query(String.class).list()).containsExactly("app_owner");
			assertThat(client.sql("""
					select rolsuper or rolcreatedb or rolcreaterole or rolbypassrls or rolreplication
					from pg_roles where rolname = current_user
					""").query(Boolean.class).single()).isFalse();
		}
	}

	@Test
	void databasesAreIsolated() {
		try (TestDatabase first = this.server.createDatabase(); TestDatabase second = this.server.createDatabase()) {
			JdbcClient.create(first.dataSource()).sql("create table only_here()").update();
			assertThat(first.name()).isNotEqualTo(second.name());
			assertThat(tablesNamedOnlyHere(first.dataSource())).isOne();
			assertThat(tablesNamedOnlyHere(second.dataSource())).isZero();
		}
	}

	@Test
	void emptyDatabaseIsEmpty() {
		try (TestDatabase database = this.server.createEmptyDatabase()) {
			assertThat(JdbcClient.create(database.dataSource())
				.sql("select nspname from pg_namespace where nspname !~ '^pg_'")
				.query(String.class)
				.list()).containsExactlyInAnyOrder("public", "information_schema");
		}
	}

	@Test
	void closeDropsTheDatabaseInSpiteOfConnections() throws SQLException {
		try (TestDatabase survivor = this.server.createEmptyDatabase()) {
			TestDatabase database = this.server.createEmptyDatabase();
			try (Connection connection = database.dataSource().getConnection()) {
				database.close();
				database.close();
				assertThat(connection.isValid(1)).isFalse();
			}
			assertThat(JdbcClient.create(survivor.dataSource())
				.sql("select datname from pg_database")
				.query(String.class)
				.list()).contains(survivor.name()).doesNotContain(database.name());
		}
	}

	@Test
	void wrongPasswordIsRefused() {
		try (TestDatabase database = this.server.createEmptyDatabase()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.username(), "wrong"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28P01"));
		}
	}

	@Test
	void rolesMadeByTestsNeedTheirPassword() throws SQLException {
		try (TestDatabase database = this.server.createEmptyDatabase()) {
			JdbcClient superuser = JdbcClient.create(database.superuserDataSource());
			superuser.sql("create role reader login password 'secret'").update();
			try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), "reader", "secret")) {
				assertThat(connection.isValid(1)).isTrue();
			}
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), "reader", "guess"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28P01"));
			superuser.sql("drop role reader").update();
		}
	}

	@Test
	void urlsLeadToTheDatabase() throws SQLException {
		try (TestDatabase database = this.server.createEmptyDatabase();
				Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.username(),
						database.password())) {
			assertThat(connection.getCatalog()).isEqualTo(database.name());
			assertThat(database.url()).isEqualTo("postgresql://app_owner:%s@127.0.0.1:%d/%s", database.password(),
					this.server.port(), database.name());
		}
	}

	@Test
	void descriptionsKeepThePassword() {
		try (TestDatabase database = this.server.createEmptyDatabase()) {
			assertThat(database).asString().endsWith(database.name()).doesNotContain(database.password());
			assertThat(this.server).asString()
				.isEqualTo("PostgreSQL %d on 127.0.0.1:%d", this.server.version(), this.server.port());
		}
	}

	@Test
	void listensOnLoopbackOnly() {
		try (TestDatabase database = this.server.createEmptyDatabase()) {
			JdbcClient client = JdbcClient.create(database.superuserDataSource());
			assertThat(client.sql("show listen_addresses").query(String.class).single()).isEqualTo("127.0.0.1");
			assertThat(client.sql("show unix_socket_directories").query(String.class).single()).isEmpty();
		}
	}

	@Test
	void sharedServerRefusesToEnd() {
		assertThat(TaskerPostgres.shared()).isSameAs(this.server);
		List<Runnable> refused = List.of(this.server::stop, this.server::crash, this.server::restart,
				this.server::start, this.server::close);
		assertThat(refused).allSatisfy((action) -> assertThatIllegalStateException().isThrownBy(action::run)
			.withMessageContaining("shared server"));
		assertThat(this.server.isRunning()).isTrue();
	}

	private static long tablesNamedOnlyHere(DataSource dataSource) {
		return JdbcClient.create(dataSource)
			.sql("select count(*) from pg_class where relname = 'only_here'")
			.query(Long.class)
			.single();
	}

}
