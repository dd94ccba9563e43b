/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Tag("any-postgres")
class TaskerPostgresLifeCycleIntegrationTests {

	private static final String CLUSTER_NAME = "Tasker's \\ own";

	private static TaskerPostgres server;

	@BeforeAll
	static void startServer() {
		server = TaskerPostgres.builder().durable().setting("cluster_name", CLUSTER_NAME).start();
	}

	@AfterAll
	static void closeServer() {
		server.close();
	}

	@Test
	void settingsReachTheServer() {
		try (TestDatabase database = server.createEmptyDatabase()) {
			assertThat(valueOf("cluster_name", database)).isEqualTo(CLUSTER_NAME);
			assertThat(valueOf("max_connections", database)).isEqualTo("200");
		}
	}

	@Test
	void onlyADurableServerWaitsForTheDisk() {
		try (TestDatabase durable = server.createEmptyDatabase();
				TestDatabase fast = TaskerPostgres.shared().createEmptyDatabase()) {
			assertThat(valueOf("fsync", durable)).isEqualTo("on");
			assertThat(valueOf("full_page_writes", durable)).isEqualTo("on");
			assertThat(valueOf("synchronous_commit", durable)).isEqualTo("on");
			assertThat(valueOf("data_directory", durable)).startsWith(System.getProperty("java.io.tmpdir"));
			assertThat(valueOf("fsync", fast)).isEqualTo("off");
		}
	}

	@Test
	void stopAndStartKeepDataAndPort() {
		try (TestDatabase database = server.createDatabase()) {
			JdbcClient client = JdbcClient.create(database.dataSource());
			client.sql("create table kept()").update();
			server.stop();
			assertThat(server.isRunning()).isFalse();
			assertConnectionIsRefused(database);
			server.start();
			assertThat(server.isRunning()).isTrue();
			assertThat(client.sql("select count(*) from kept").query(Long.class).single()).isZero();
		}
	}

	@Test
	void immediateStopIsRecoveredFrom() {
		try (TestDatabase database = server.createDatabase()) {
			JdbcClient client = JdbcClient.create(database.dataSource());
			client.sql("create table committed()").update();
			server.stopImmediately();
			assertThat(server.isRunning()).isFalse();
			assertConnectionIsRefused(database);
			server.start();
			assertThat(client.sql("select count(*) from committed").query(Long.class).single()).isZero();
		}
	}

	@Test
	void crashGivesNoWarningAndStartRecovers() throws SQLException {
		try (TestDatabase database = server.createDatabase()) {
			JdbcClient client = JdbcClient.create(database.dataSource());
			client.sql("create table committed()").update();
			try (Connection connection = database.dataSource().getConnection()) {
				server.crash();
				assertThat(server.isRunning()).isFalse();
				assertThat(connection.isValid(1)).isFalse();
			}
			assertConnectionIsRefused(database);
			server.start();
			assertThat(client.sql("select count(*) from committed").query(Long.class).single()).isZero();
		}
	}

	@Test
	void restartEndsConnections() throws SQLException {
		try (TestDatabase database = server.createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			server.restart();
			assertThat(server.isRunning()).isTrue();
			assertThat(connection.isValid(1)).isFalse();
		}
	}

	@Test
	void databaseOfAStoppedServerClosesQuietly() {
		TestDatabase database = server.createEmptyDatabase();
		server.stop();
		database.close();
		server.start();
	}

	@Test
	void changesThatDoNotFitTheStateAreRefused() {
		assertThatIllegalStateException().isThrownBy(server::start).withMessageContaining("running");
		server.stop();
		assertThatIllegalStateException().isThrownBy(server::stop).withMessageContaining("not running");
		assertThatIllegalStateException().isThrownBy(server::crash).withMessageContaining("not running");
		assertThatIllegalStateException().isThrownBy(server::restart).withMessageContaining("not running");
		server.start();
	}

	@Test
	void serversRunSideBySide() {
		assertThat(TaskerPostgres.shared().isRunning()).isTrue();
		assertThat(TaskerPostgres.shared().port()).isNotEqualTo(server.port());
	}

	@Test
	void serverWithoutPgmqDoesNotOfferIt() {
		String available = "select name from pg_available_extensions where name in ('pgmq', 'plpgsql')";
		try (TaskerPostgres plain = TaskerPostgres.builder().withoutPgmq().start();
				TestDatabase without = plain.createEmptyDatabase();
				TestDatabase with = server.createEmptyDatabase()) {
			assertThat(JdbcClient.create(without.dataSource()).sql(available).query(String.class).list())
				.containsExactly("plpgsql");
			assertThat(JdbcClient.create(with.dataSource()).sql(available).query(String.class).list())
				.containsExactlyInAnyOrder("pgmq", "plpgsql");
			assertThatIllegalStateException().isThrownBy(plain::createDatabase)
				.withMessageContaining("createEmptyDatabase()");
		}
	}

	@Test
	void closeRemovesTheDataAlsoAfterACrash() {
		TaskerPostgres other = TaskerPostgres.builder().start();
		Path data = Path.of(valueOf("data_directory", other.createEmptyDatabase()));
		assertThat(data).isDirectory();
		other.crash();
		other.close();
		other.close();
		assertThat(data.getParent()).doesNotExist();
		assertThatIllegalStateException().isThrownBy(other::start).withMessageContaining("closed");
	}

	@Test
	void registryOfHooksIsGivenWhatEndsTheServer() {
		List<Runnable> hooks = new ArrayList<>();
		try (TaskerPostgres other = TaskerPostgres.builder().shutdownHooks(hooks::add).start()) {
			assertThat(other.isRunning()).isTrue();
			assertThat(hooks).hasSize(1);
			hooks.get(0).run();
			assertThat(other.isRunning()).isFalse();
		}
	}

	@Test
	void failedStartShowsWhatTheServerSaid() {
		TaskerPostgres.Builder builder = TaskerPostgres.builder().setting("no_such_setting", "1");
		assertThatIllegalStateException().isThrownBy(builder::start)
			.withMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
	}

	private static String valueOf(String setting, TestDatabase database) {
		return JdbcClient.create(database.superuserDataSource()).sql("show " + setting).query(String.class).single();
	}

	private static void assertConnectionIsRefused(TestDatabase database) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> database.dataSource().getConnection())
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
	}

}
