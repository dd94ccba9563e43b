/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import systems.tasker.autoconfigure.database.ConnectionDemand;
import systems.tasker.autoconfigure.database.MigrationMode;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what a newcomer reads when something is wrong, each provoked on a real
 * server.
 */
@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class StartupFailureIntegrationTests {

	@Test
	void noAddress(CapturedOutput output) {
		assertFails(output, "tasker.database.url", "address of the database is missing", "DATABASE_URL");
	}

	@Test
	void malformedAddress(CapturedOutput output) {
		assertFailsWith(output, "DATABASE_URL=postgresql://app:hunter2@db:port/orders", "tasker.database.url",
				"port is not a number", "postgresql://user:password@host:5432/database");
	}

	@Test
	void malformedPgmqAddress(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			assertFails(output,
					new String[] { "DATABASE_URL=" + database.url(), "PGMQ_DATABASE_URL=redis://:hunter2@q/0" },
					"tasker.pgmq-database.url", "scheme 'redis'", "PGMQ_DATABASE_URL");
		}
	}

	@Test
	void unknownScheme(CapturedOutput output) {
		assertFailsWith(output, "DATABASE_URL=mysql://app:hunter2@db/orders", "tasker.database.url", "scheme 'mysql'",
				"postgresql://");
	}

	@Test
	void missingDatabaseName(CapturedOutput output) {
		assertFailsWith(output, "DATABASE_URL=postgresql://app:hunter2@db:5432", "tasker.database.url",
				"names no database", "postgresql://");
	}

	@Test
	void wrongPassword(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			String url = database.url().replaceFirst(":[^:@]*@", ":hunter2@");
			assertFailsWith(output, "DATABASE_URL=" + url, "refuses the login", "tasker.database.url",
					"127.0.0.1:" + TaskerPostgres.shared().port());
		}
	}

	@Test
	void missingPassword(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			String url = database.url().replaceFirst(":[^:@/]*@", "@");
			assertFailsWith(output, "DATABASE_URL=" + url, "refuses the login", "no password was provided",
					"Check user and password in tasker.database.url");
			assertThat(output).doesNotContain("cannot be reached");
		}
	}

	@Test
	void unknownHost(CapturedOutput output) {
		assertFailsWith(output, "DATABASE_URL=postgresql://app:hunter2@nohost.invalid/orders", "cannot be reached",
				"UnknownHostException: nohost.invalid");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://localhost:54x32/db?user=app&password=hunter2",
			"jdbc:postgresql://localhost:5432/db?user=app&password=hunter2%C",
			"jdbc:postgresql://app:hunter2/x@localhost:1/db", "jdbc:postgresql://app:hunter2@localhost:1/db" })
	void malformedAddressOfTheApplicationsOwnDatabase(String url, CapturedOutput output) {
		assertFailsWith(output, "spring.datasource.url=" + url,
				"The address of the application's DataSource (spring.datasource.url)",
				"jdbc:postgresql://host:5432/database");
	}

	@Test
	void missingDatabase(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			String url = database.url().replace(database.name(), "no_such_database");
			assertFailsWith(output, "DATABASE_URL=" + url, "does not exist", "Create the database",
					"tasker.database.url");
		}
	}

	@Test
	void databaseDown(CapturedOutput output) {
		try (TaskerPostgres server = TaskerPostgres.builder().start()) {
			TestDatabase database = server.createEmptyDatabase();
			server.stop();
			assertFailsWith(output, "DATABASE_URL=" + database.url(), "cannot be reached", "Start the server",
					"tasker.database.url");
		}
	}

	@Test
	void pgmqDatabaseDown(CapturedOutput output) {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase tasker = TaskerPostgres.shared().createDatabase()) {
			TestDatabase queues = server.createEmptyDatabase();
			server.stop();
			assertFails(output, new String[] { "DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + queues.url() },
					"The PGMQ database", "cannot be reached", "tasker.pgmq-database.url");
		}
	}

	@Test
	void noRightToInstallPgmq(CapturedOutput output) {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = TaskerPostgres.shared().createEmptyDatabase()) {
			JdbcClient administrator = JdbcClient.create(queues.superuserDataSource());
			administrator.sql("drop role if exists guest").update();
			administrator.sql("create role guest login password 'hunter2'").update();
			String url = queues.url().replaceFirst("//[^@]*@", "//guest:hunter2@");
			assertFails(output, new String[] { "DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + url }, "guest",
					queues.name(), "CREATE");
			assertThat(administrator.sql("select nspname from pg_namespace where nspname in ('pgmq', 'tasker_pgmq')")
				.query(String.class)
				.list()).isEmpty();
		}
	}

	@Test
	void noRightToCreateTheTaskerSchema(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			JdbcClient administrator = JdbcClient.create(database.superuserDataSource());
			administrator.sql("drop role if exists visitor").update();
			administrator.sql("create role visitor login password 'hunter2'").update();
			String url = database.url().replaceFirst("//[^@]*@", "//visitor:hunter2@");
			assertFailsWith(output, "DATABASE_URL=" + url, "refuses a right", "CREATE on the database",
					"tasker.database.url");
		}
	}

	@Test
	void schemaBehindWhenOnlyValidating(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			assertFails(output, new String[] { "DATABASE_URL=" + database.url(), "tasker.database.migration=validate" },
					"The Tasker database", "does not have the schema", "tasker.database.migration to migrate");
			assertThat(JdbcClient.create(database.dataSource())
				.sql("select count(*) from pg_namespace where nspname = 'tasker'")
				.query(Long.class)
				.single()).isZero();
		}
	}

	@Test
	void pgmqMissingWhenOnlyValidating(CapturedOutput output) {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = TaskerPostgres.shared().createEmptyDatabase()) {
			assertFails(output,
					new String[] { "DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + queues.url(),
							"tasker.pgmq-database.migration=validate" },
					"The PGMQ database", "does not have the schema", "tasker.pgmq-database.migration to migrate");
		}
	}

	@Test
	void wrongAddressOfTheApplicationsOwnDatabase(CapturedOutput output) {
		assertFailsWith(output, "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/", "cannot be reached",
				"spring.datasource.url");
	}

	@Test
	void aDatabaseThatIsNoPostgres(CapturedOutput output) {
		assertFailsWith(output, "spring.datasource.url=jdbc:h2:mem:orders", "it is H2", "only PostgreSQL will do");
	}

	@Test
	void queueWithABadName(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			assertFails(output, new String[] { "DATABASE_URL=" + database.url(), "tasker.messaging.queues=Orders" },
					"tasker.messaging.queues", "Orders", "Correct the name");
		}
	}

	@Test
	void queuesWithoutPgmq(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			assertFails(output,
					new String[] { "DATABASE_URL=" + database.url(), "tasker.messaging.queues=orders",
							"tasker.pgmq-database.migration=none" },
					"tasker.messaging.queues", "not installed", "tasker.pgmq-database.migration");
		}
	}

	@Test
	void providerThatDoesNotExist(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			assertFails(output, new String[] { "DATABASE_URL=" + database.url(), "tasker.messaging.provider=rabbitmq" },
					"tasker.messaging.provider", "rabbitmq", "PGMQ");
		}
	}

	@Test
	void poolWithMoreIdleConnectionsThanItMayHave(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			assertFails(output,
					new String[] { "DATABASE_URL=" + database.url(), "tasker.database.pool.max-connections=4" },
					"tasker.database.pool.min-connections", "5", "must be from 0 to");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MIGRATE", "VALIDATE" })
	void pgmqTooOld(MigrationMode mode, CapturedOutput output) {
		try (TestDatabase database = databaseWithPgmqAsSql()) {
			stepBackTo1Point9(database);
			run(database, "alter type pgmq.message_record drop attribute headers cascade");
			run(database, "drop function pgmq.read_grouped");
			run(database, "drop table pgmq.notify_insert_throttle");
			run(database, "drop function pgmq.pop");
			run(database, "drop function pgmq.acquire_queue_lock");
			assertFails(output,
					new String[] { "DATABASE_URL=" + database.url(), "tasker.pgmq-database.migration=" + mode },
					"The PGMQ database at postgresql://127.0.0.1", "has a PGMQ that cannot be used",
					"PGMQ < 1.5.0 is too old, 1.5.1 is the least", "upgrade scripts of PGMQ up to 1.5.1",
					"tasker.pgmq-database.skip-migration-check=true");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MIGRATE", "VALIDATE" })
	void pgmqThatWasUpgradedTo1Point10(MigrationMode mode, CapturedOutput output) {
		try (TestDatabase database = databaseWithPgmqAsSql()) {
			run(database, "drop function pgmq.read_grouped_head");
			run(database, "drop function pgmq.bind_topic");
			run(database, """
					create or replace function pgmq.create_non_partitioned(queue_name text) returns void
					language plpgsql as 'begin raise exception ''columns as in 1.9''; end'""");
			assertFails(output,
					new String[] { "DATABASE_URL=" + database.url(), "tasker.pgmq-database.migration=" + mode },
					"has a PGMQ that cannot be used", "PGMQ has functions of 1.10.0 or 1.10.1 (found: ≥ 1.10.0)",
					"upgrade scripts of PGMQ up to 1.11.0", "tasker.pgmq-database.skip-migration-check=true");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MIGRATE", "VALIDATE" })
	void queuesThatAnUpgradeLeftBehind(MigrationMode mode, CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			run(database, "select pgmq.create('MyQueue')");
			run(database, "select pgmq.create('orders')");
			run(database, "alter table pgmq.q_orders drop column last_read_at");
			assertFails(output,
					new String[] { "DATABASE_URL=" + database.url(), "tasker.pgmq-database.migration=" + mode },
					"has a PGMQ that cannot be used", "queue 'MyQueue' has upper case in its name",
					"UPDATE pgmq.meta SET queue_name = 'myqueue' WHERE queue_name = 'MyQueue'",
					"table pgmq.q_orders lacks column last_read_at",
					"ALTER TABLE pgmq.q_orders ADD COLUMN last_read_at timestamp with time zone");
			TestApplication.run("DATABASE_URL=" + database.url(), "tasker.pgmq-database.skip-migration-check=true")
				.close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MIGRATE", "VALIDATE" })
	void schemaNewerThanTheApplication(MigrationMode mode, CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			run(database, """
					insert into tasker.tasker_schema_history (installed_rank, version, description, type, script,
						checksum, installed_by, execution_time, success)
					values (99, '9', 'later tables', 'SQL', 'V9__later_tables.sql', 1, 'app', 1, true)""");
			assertFails(output, new String[] { "DATABASE_URL=" + database.url(), "tasker.database.migration=" + mode },
					"The Tasker database", "belongs to a newer version of the application",
					"the schema is at version 9 (later tables), and the last this application knows is version 1",
					"Start the version that migrated it", "tasker.database.skip-migration-check=true");
			TestApplication.run("DATABASE_URL=" + database.url(), "tasker.database.skip-migration-check=true").close();
		}
	}

	@Test
	void pgmqSchemaNewerThanTheApplication(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			run(database, """
					insert into tasker_pgmq.tasker_pgmq_schema_history (installed_rank, version, description, type,
						script, checksum, installed_by, execution_time, success)
					values (99, '9', 'later functions', 'SQL', 'V9__later.sql', 1, 'app', 1, true)""");
			assertFails(output, new String[] { "DATABASE_URL=" + database.url() }, "The PGMQ database",
					"version 9 (later functions)", "tasker.pgmq-database.skip-migration-check=true");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MIGRATE", "VALIDATE" })
	void migrationOtherThanTheOneThatWasApplied(MigrationMode mode, CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			run(database, "update tasker.tasker_schema_history set checksum = checksum + 1 where version = '1'");
			assertFails(output, new String[] { "DATABASE_URL=" + database.url(), "tasker.database.migration=" + mode },
					"does not have the schema", "checksum mismatch for migration version 1",
					"start the version that applied it", "tasker.database.skip-migration-check=true");
		}
	}

	@Test
	void twoDataSourcesAndNoneOfThemPrimary(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> TestApplication.run(TwoDataSourcesApplication.class, WebApplicationType.NONE).close());
		assertThat(output).contains("APPLICATION FAILED TO START", "2 DataSources (orders, reports)",
				"Set tasker.database.url (DATABASE_URL)", "put @TaskerDataSource on the bean");
	}

	@Test
	void poolSmallerThanTheListenersNeed(CapturedOutput output) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			assertThatException().isThrownBy(
					() -> TestApplication
						.run(ListenersApplication.class, WebApplicationType.NONE, "DATABASE_URL=" + database.url(),
								"tasker.database.pool.max-connections=7")
						.close());
			assertThat(output).contains("APPLICATION FAILED TO START", "Pool tasker is too small",
					"tasker.database.pool.max-connections is 7, and 8 connections are in use at all times (listeners 8)",
					"Set tasker.database.pool.max-connections to more than 8", "or lower tasker.listeners");
		}
	}

	@Test
	void serverWithoutAFreeConnection(CapturedOutput output) {
		try (TaskerPostgres server = TaskerPostgres.builder()
			.setting("max_connections", "5")
			.setting("superuser_reserved_connections", "2")
			.setting("max_wal_senders", "0")
			.start();
				TestDatabase database = server.createEmptyDatabase();
				HikariDataSource others = pool(database, 3)) {
			await().until(() -> others.getHikariPoolMXBean().getTotalConnections() == 3);
			assertFails(output, new String[] { "DATABASE_URL=" + database.url() }, "has no room for another connection",
					"Raise max_connections", "tasker.database.pool.max-connections", "Migrations need 3 connections");
		}
	}

	@Test
	void standby(CapturedOutput output) throws IOException {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase migrated = server.createDatabase();
				TestDatabase database = server.createEmptyDatabase()) {
			Path data = Path.of(JdbcClient.create(database.superuserDataSource())
				.sql("show data_directory")
				.query(String.class)
				.single());
			server.stop();
			Files.createFile(data.resolve("standby.signal"));
			server.start();
			assertFails(output, new String[] { "DATABASE_URL=" + database.url() },
					"is read-only and cannot be migrated",
					"Name the primary server in tasker.database.url (DATABASE_URL)", "targetServerType=primary",
					"tasker.database.migration to validate");
			TestApplication
				.run("DATABASE_URL=" + migrated.url(), "tasker.database.migration=validate",
						"tasker.pgmq-database.migration=validate")
				.close();
			Files.delete(data.resolve("standby.signal"));
			server.restart();
		}
	}

	private static HikariDataSource pool(TestDatabase database, int connections) {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSource(database.dataSource());
		pool.setMaximumPoolSize(connections);
		pool.setMinimumIdle(connections);
		pool.setInitializationFailTimeout(1);
		JdbcClient.create(pool).sql("select 1").query(Integer.class).single();
		return pool;
	}

	private static TestDatabase databaseWithPgmqAsSql() {
		TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
		TestApplication.run("DATABASE_URL=" + database.url(), "tasker.pgmq-database.install=sql").close();
		return database;
	}

	private static void stepBackTo1Point9(TestDatabase database) {
		run(database, "drop function pgmq.read_grouped_head");
		run(database, "drop function pgmq.bind_topic");
		run(database, "alter type pgmq.message_record drop attribute last_read_at cascade");
	}

	private static void run(TestDatabase database, String sql) {
		new JdbcTemplate(database.dataSource()).execute(sql);
	}

	private static void assertFailsWith(CapturedOutput output, String property, String... expected) {
		assertFails(output, new String[] { property }, expected);
	}

	private static void assertFails(CapturedOutput output, String... expected) {
		assertFails(output, new String[0], expected);
	}

	private static void assertFails(CapturedOutput output, String[] properties, String... expected) {
		assertThatException().isThrownBy(() -> TestApplication.run(properties).close());
		assertThat(output).contains("APPLICATION FAILED TO START").contains(expected).doesNotContain("hunter2");
	}

	/**
	 * Has two databases, as many applications do.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class TwoDataSourcesApplication {

		@Bean
		DataSource orders() {
			return new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/orders");
		}

		@Bean
		DataSource reports() {
			return new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/reports");
		}

	}

	/**
	 * Demands connections as listeners do.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class ListenersApplication {

		@Bean
		ConnectionDemand listeners() {
			return ConnectionDemand.pooled("pgmq", "listeners", 8, "tasker.listeners");
		}

	}

}
