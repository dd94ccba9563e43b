/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what a newcomer reads when something is wrong, each provoked on a real
 * server.
 */
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

}
