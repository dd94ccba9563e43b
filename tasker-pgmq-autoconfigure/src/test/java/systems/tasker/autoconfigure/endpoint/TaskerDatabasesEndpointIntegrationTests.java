/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TimeZone;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

import systems.tasker.autoconfigure.database.InstalledPgmq;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.autoconfigure.resilience.TaskerCircuitBreakerAutoConfiguration;
import systems.tasker.messaging.pgmq.PgmqCapabilities;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code /actuator/taskerDatabases}, with servers that come and go.
 */
@Tag("any-postgres")
class TaskerDatabasesEndpointIntegrationTests {

	private static final TestEndpoint endpoint = new TestEndpoint("taskerDatabases");

	private static final String DEFER = "tasker.pgmq-database.migration-on-failure=defer";

	// Creating it takes a connection from the pool, which has figures then.
	private static final String QUEUES = "tasker.messaging.queues=orders";

	private static TaskerPostgres server;

	@BeforeAll
	static void startServer() {
		server = TaskerPostgres.builder().start();
	}

	@AfterAll
	static void closeServer() {
		server.close();
	}

	@Test
	void allIsWellInSplitModeAsDocumented() throws IOException {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createDatabase();
				ConfigurableApplicationContext context = endpoint.start(tasker, "PGMQ_DATABASE_URL=" + queues.url(),
						"tasker.circuit-breakers.pgmq.timeout=45s", QUEUES)) {
			context.getBean(JdbcClient.class).sql("select 1").query(Integer.class).single();
			JsonNode answer = endpoint.get(context);
			assertThat(answer.path("mode").asString()).isEqualTo("split");
			JsonNode pgmq = answer.path("databases").path("pgmq");
			assertThat(pgmq.path("url").asString())
				.isEqualTo("postgresql://127.0.0.1:" + server.port() + "/" + queues.name());
			assertThat(pgmq.path("pool").path("max").asInt()).isEqualTo(15);
			assertThat(pgmq.path("circuitBreaker").path("state").asString()).isEqualTo("closed");
			assertThat(pgmq.path("circuitBreaker").path("settings").path("timeout").asString()).isEqualTo("PT45S");
			assertThat(pgmq.path("migrations").path("applied").get(0).path("version").asString()).isEqualTo("1");
			assertThat(pgmq.path("migrations").path("pending").size()).isZero();
			assertThat(pgmq.path("capabilities")).isEqualTo(endpoint.documented().at("/databases/pgmq/capabilities"));
			assertThat(pgmq.path("startup").path("state").asString()).isEqualTo("complete");
			assertThat(answer.path("databases").path("tasker").has("startup")).isFalse();
			assertThat(TestEndpoint.paths(answer)).isEqualTo(TestEndpoint.paths(endpoint.documented()));
			assertThat(answer.toString()).doesNotContain(queues.password(), tasker.password());
		}
	}

	@Test
	void inSingleModeBothAreOnePool() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = endpoint.start(database, QUEUES)) {
			JsonNode answer = endpoint.get(context);
			assertThat(answer.path("mode").asString()).isEqualTo("single");
			JsonNode databases = answer.path("databases");
			assertThat(databases.path("pgmq").path("url")).isEqualTo(databases.path("tasker").path("url"));
			assertThat(databases.path("pgmq").path("pool").path("max").asInt()).isEqualTo(25);
			assertThat(databases.path("pgmq").path("migrations").path("applied").size()).isPositive();
		}
	}

	@Test
	void aMigrationIsToldAtTheTimeItWasInstalledWhateverTheTimeZone() {
		TimeZone before = TimeZone.getDefault();
		TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = endpoint.start(database)) {
			JsonNode migration = endpoint.get(context).at("/databases/tasker/migrations/applied/0");
			assertThat(Instant.parse(migration.path("installedOn").asString())).isCloseTo(Instant.now(),
					within(2, ChronoUnit.MINUTES));
			assertThat(migration.path("description").asString()).isEqualTo("initial schema");
		}
		finally {
			TimeZone.setDefault(before);
		}
	}

	@Test
	void whatWasNotAppliedIsPending() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = endpoint.start(database, "tasker.database.migration=none",
						"tasker.pgmq-database.migration=none")) {
			JsonNode databases = endpoint.get(context).path("databases");
			assertThat(databases.at("/tasker/migrations/applied").size()).isZero();
			assertThat(databases.at("/tasker/migrations/pending/0/version").asString()).isEqualTo("1");
			assertThat(databases.at("/tasker/migrations/pending/0").has("installedOn")).isFalse();
			assertThat(databases.at("/pgmq/capabilities/error").asString()).contains("not installed");
			JdbcClient.create(database.dataSource()).sql("create extension pgmq").update();
			await().atMost(Duration.ofSeconds(10))
				.until(() -> endpoint.get(context)
					.at("/databases/pgmq/capabilities/support")
					.asString()
					.equals("SUPPORTED"));
			assertThat(JdbcClient.create(database.dataSource())
				.sql("select count(*) from pg_namespace where nspname like 'tasker%'")
				.query(Long.class)
				.single()).as("reading changes nothing").isZero();
		}
	}

	@Test
	void capabilitiesAreKnownFromTheMigration() throws SQLException {
		DataSource unreachable = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere");
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = endpoint.start(database)) {
			assertThat(context.getBean(InstalledPgmq.class).find(unreachable)).map(PgmqCapabilities::version)
				.contains("1.11.1");
		}
	}

	@Test
	void aDatabaseThatIsDownIsToldBesideTheOther() {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createDatabase();
				ConfigurableApplicationContext context = endpoint.start(tasker, "PGMQ_DATABASE_URL=" + queues.url(),
						QUEUES)) {
			// Once for the classes to load.
			endpoint.get(context);
			server.stop();
			JsonNode databases = await().atMost(Duration.ofSeconds(10))
				.until(() -> endpoint.getInTime(context).path("databases"),
						(candidate) -> candidate.at("/pgmq/migrations").has("error"));
			assertThat(databases.at("/pgmq/migrations/error").asString()).contains("refused");
			assertThat(databases.at("/pgmq/capabilities/version").asString()).as("known from the start")
				.isEqualTo("1.11.1");
			assertThat(databases.at("/pgmq/pool/max").asInt()).isEqualTo(15);
			assertThat(databases.at("/tasker/migrations/applied").size()).isPositive();
			assertThat(databases.toString()).doesNotContain(queues.password());
		}
		finally {
			ensureRunning();
		}
	}

	@Test
	void aDeferredStartIsTold() {
		TestDatabase queues = server.createEmptyDatabase();
		server.stop();
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = endpoint.start(tasker, "PGMQ_DATABASE_URL=" + queues.url(),
						DEFER)) {
			JsonNode pgmq = endpoint.get(context).at("/databases/pgmq");
			assertThat(pgmq.at("/startup/state").asString()).isEqualTo("deferred");
			assertThat(pgmq.at("/startup/reason").asString()).contains("refused");
			assertThat(pgmq.at("/circuitBreaker/state").asString()).isEqualTo("closed");
			server.start();
			await().atMost(Duration.ofSeconds(20))
				.until(() -> endpoint.getInTime(context)
					.at("/databases/pgmq/startup/state")
					.asString()
					.equals("complete"));
		}
		finally {
			ensureRunning();
		}
	}

	@Test
	void aServerThatAcceptsAndSaysNothingIsToldInTime() throws IOException {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				ConfigurableApplicationContext context = endpoint.start(tasker,
						"PGMQ_DATABASE_URL=postgresql://app:hunter2@127.0.0.1:" + silent.getLocalPort() + "/queues",
						"tasker.pgmq-database.pool.acquire-timeout=1s", DEFER)) {
			// Once for the classes to load.
			endpoint.get(context);
			for (int i = 0; i < 5; i++) {
				JsonNode databases = endpoint.getInTime(context).path("databases");
				assertThat(databases.at("/pgmq/migrations/error").asString()).isNotBlank();
				assertThat(databases.at("/pgmq/capabilities/error").asString()).isNotBlank();
				assertThat(databases.at("/tasker/migrations/applied").size()).isPositive();
				assertThat(databases.toString()).doesNotContain("hunter2");
			}
		}
	}

	@Test
	void withoutQueuesThePgmqPartSaysSo() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = endpoint.start(database,
						"tasker.pgmq-database.enabled=false")) {
			JsonNode databases = endpoint.get(context).path("databases");
			assertThat(databases.path("pgmq").toString()).isEqualTo("{\"startup\":{\"state\":\"disabled\"}}");
			assertThat(databases.at("/tasker/migrations/applied").size()).isPositive();
		}
	}

	@Test
	void withoutResilience4jThereIsNoBreakerToTell() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			runner(database).withClassLoader(new FilteredClassLoader("io.github.resilience4j")).run((context) -> {
				DatabaseDescriptor pgmq = pgmq(context.getBean(TaskerDatabasesEndpoint.class));
				assertThat(pgmq.circuitBreaker()).isNull();
				assertThat(pgmq.migrations()).isNotNull();
			});
		}
	}

	@Test
	void withoutFlywayThereAreNoMigrationsToTell() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			runner(database).withClassLoader(new FilteredClassLoader("org.flywaydb")).run((context) -> {
				DatabaseDescriptor pgmq = pgmq(context.getBean(TaskerDatabasesEndpoint.class));
				assertThat(pgmq.migrations()).isNull();
				assertThat(pgmq.capabilities()).hasFieldOrPropertyWithValue("version", "1.11.1");
				assertThat(pgmq.startup()).isEqualTo(new DatabaseDescriptor.Startup("complete", null));
			});
		}
	}

	@Test
	void withoutActuatorOrExposureThereIsNoEndpoint() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			runner(database).withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
				.run((context) -> assertThat(context).hasNotFailed()
					.doesNotHaveBean(TaskerDatabasesEndpointAutoConfiguration.class));
			runner(database).withPropertyValues("management.endpoints.web.exposure.include=health")
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskerDatabasesEndpoint.class));
		}
	}

	private static ApplicationContextRunner runner(TestDatabase database) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class,
					DataSourceAutoConfiguration.class, TaskerDatabaseAutoConfiguration.class,
					TaskerMigrationAutoConfiguration.class, TaskerMessagingAutoConfiguration.class,
					TaskerCircuitBreakerAutoConfiguration.class, TaskerDatabasesEndpointAutoConfiguration.class))
			.withPropertyValues("tasker.database.url=" + database.url(), "tasker.messaging.queues=orders",
					"management.endpoints.web.exposure.include=taskerDatabases");
	}

	private static DatabaseDescriptor pgmq(TaskerDatabasesEndpoint endpoint) {
		return endpoint.databases().databases().get("pgmq");
	}

	private static void ensureRunning() {
		if (!server.isRunning()) {
			server.start();
		}
	}

}
