/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import javax.sql.DataSource;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatusCode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what {@code /actuator/health} answers while servers come and go.
 */
@Tag("any-postgres")
class HealthIntegrationTests {

	private static final String DETAILS = "management.endpoint.health.show-details=always";

	private static TaskerPostgres taskerServer;

	private static TaskerPostgres pgmqServer;

	@BeforeAll
	static void startServers() {
		taskerServer = TaskerPostgres.builder().start();
		pgmqServer = TaskerPostgres.builder().start();
	}

	@AfterAll
	static void closeServers() {
		taskerServer.close();
		pgmqServer.close();
	}

	@Test
	void allIsWellInSingleMode() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url())) {
			Answer health = application.get("");
			assertThat(health.code()).isEqualTo(200);
			assertThat(health.status()).isEqualTo("UP");
			JsonNode tasker = health.details("taskerDatabase");
			assertThat(health.status("taskerDatabase")).isEqualTo("UP");
			assertThat(tasker.get("mode").asString()).isEqualTo("single");
			assertThat(tasker.get("responseTime").asString()).matches("\\d+\\.\\dms");
			assertThat(tasker.get("postgresVersion").asString())
				.startsWith(String.valueOf(TaskerPostgres.shared().version()));
			assertThat(tasker.get("database").asString()).endsWith("/" + database.name());
			assertThat(tasker.get("migration").asString()).startsWith("current");
			assertThat(tasker.get("pool").get("max").asInt()).isEqualTo(25);
			JsonNode pgmq = health.details("pgmqDatabase");
			assertThat(health.status("pgmqDatabase")).isEqualTo("UP");
			assertThat(pgmq.get("mode").asString()).isEqualTo("single");
			assertThat(pgmq.get("pgmqVersion").asString()).isEqualTo("1.11.1");
			assertThat(pgmq.get("pgmqInstall").asString()).isEqualTo("extension");
			assertThat(health.status("messaging")).isEqualTo("UP");
			assertThat(health.component("db").has("components")).as("db is one pool").isFalse();
			assertThat(application.get("/readiness").code()).isEqualTo(200);
			assertThat(application.get("/liveness").code()).isEqualTo(200);
		}
	}

	@Test
	void pgmqServerDownInSplitModeDegradesMessagingAndNothingElse() {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = pgmqServer.createDatabase();
				Application application = start("DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + queues.url(),
						"tasker.messaging.queues=orders")) {
			assertThat(application.get("").details("pgmqDatabase").get("mode").asString()).isEqualTo("split");
			pgmqServer.stop();
			Answer health = application.await((answer) -> !answer.status("pgmqDatabase").equals("UP")
					&& !answer.status("messaging").equals("UP"));
			assertThat(health.code()).isEqualTo(200);
			assertThat(health.status()).isEqualTo("DEGRADED");
			assertThat(health.status("pgmqDatabase")).isEqualTo("DEGRADED");
			assertThat(health.details("pgmqDatabase").get("error").asString()).isNotBlank();
			assertThat(health.details("pgmqDatabase").get("responseTime").asString()).isEqualTo("unknown");
			assertThat(health.status("messaging")).isEqualTo("DEGRADED");
			assertThat(health.status("taskerDatabase")).isEqualTo("UP");
			assertThat(health.status("db")).isEqualTo("UP");
			assertThat(application.get("/readiness").code()).isEqualTo(200);
			assertThat(application.get("/liveness").code()).isEqualTo(200);
			assertThat(application.context().getBean(JdbcClient.class).sql("select 1").query(Integer.class).single())
				.isOne();
			pgmqServer.start();
			await().atMost(Duration.ofSeconds(20)).until(() -> application.get("").status("pgmqDatabase").equals("UP"));
			application.context().getBean(MessagingService.class).sendMessage("orders", "after the outage");
		}
		finally {
			ensureRunning(pgmqServer);
		}
	}

	@Test
	void pgmqServerDownCanTakeTheApplicationOutOfService() {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = pgmqServer.createDatabase();
				Application application = start("DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + queues.url(),
						"tasker.health.pgmq-outage-status=down")) {
			pgmqServer.stop();
			Answer health = application.await((answer) -> answer.code() == 503);
			assertThat(health.status("pgmqDatabase")).isEqualTo("DOWN");
			assertThat(application.get("/readiness").code()).isEqualTo(503);
			assertThat(application.get("/liveness").code()).isEqualTo(200);
		}
		finally {
			ensureRunning(pgmqServer);
		}
	}

	@Test
	void taskerServerDownInSplitModeTakesTheApplicationOutOfService() {
		try (TestDatabase tasker = taskerServer.createDatabase();
				TestDatabase queues = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + queues.url())) {
			taskerServer.stop();
			Answer health = application.await((answer) -> answer.code() == 503);
			assertThat(health.status("taskerDatabase")).isEqualTo("DOWN");
			assertThat(health.status("pgmqDatabase")).isEqualTo("UP");
			assertThat(application.get("/readiness").code()).isEqualTo(503);
			assertThat(application.get("/liveness").code()).isEqualTo(200);
		}
		finally {
			ensureRunning(taskerServer);
		}
	}

	@Test
	void databaseDownInSingleModeIsBoth() {
		try (TestDatabase database = taskerServer.createDatabase();
				Application application = start("DATABASE_URL=" + database.url())) {
			taskerServer.crash();
			Answer health = application
				.await((answer) -> answer.code() == 503 && !answer.status("pgmqDatabase").equals("UP"));
			assertThat(health.status("taskerDatabase")).isEqualTo("DOWN");
			assertThat(health.status("pgmqDatabase")).isEqualTo("DEGRADED");
			assertThat(application.get("/readiness").code()).isEqualTo(503);
			assertThat(application.get("/liveness").code()).isEqualTo(200);
			taskerServer.start();
			await().atMost(Duration.ofSeconds(20)).until(() -> application.get("").code() == 200);
		}
		finally {
			ensureRunning(taskerServer);
		}
	}

	@Test
	void anExhaustedPoolIsReportedWithinItsTimeout() throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"tasker.database.pool.max-connections=2", "tasker.database.pool.min-connections=0")) {
			List<Connection> taken = new ArrayList<>();
			DataSource pool = application.context().getBean(DataSource.class);
			taken.add(pool.getConnection());
			taken.add(pool.getConnection());
			long start = System.nanoTime();
			Answer health = application.get("");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
			assertThat(health.status("taskerDatabase")).isEqualTo("DOWN");
			assertThat(health.details("taskerDatabase").get("error").asString()).contains("1000 ms");
			assertThat(health.details("taskerDatabase").get("pool").get("utilization").asDouble()).isEqualTo(1.0);
			for (Connection connection : taken) {
				connection.close();
			}
			await().until(() -> application.get("").code() == 200);
		}
	}

	@Test
	void theDatabaseOfTheApplicationStaysUpBesideADeadPgmqDatabase() {
		try (TestDatabase own = TaskerPostgres.shared().createEmptyDatabase();
				TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = pgmqServer.createDatabase();
				Application application = start("spring.datasource.url=" + own.jdbcUrl(),
						"spring.datasource.username=" + own.username(), "spring.datasource.password=" + own.password(),
						"DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + queues.url())) {
			pgmqServer.stop();
			Answer health = application.await((answer) -> !answer.status("pgmqDatabase").equals("UP"));
			assertThat(health.code()).isEqualTo(200);
			assertThat(health.status("db")).isEqualTo("UP");
			assertThat(health.component("db").get("components").propertyNames()).containsExactlyInAnyOrder("dataSource",
					"taskerDataSource");
		}
		finally {
			ensureRunning(pgmqServer);
		}
	}

	// One at a time: probes run side by side, and would share the connection here.
	@ParameterizedTest
	@ValueSource(strings = { "db", "taskerDatabase" })
	void aProbeGivesTheConnectionBackAsItWas(String contributor) throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = TestApplication.run(OneConnection.class,
						WebApplicationType.SERVLET, "own.url=" + database.jdbcUrl(),
						"own.username=" + database.username(), "own.password=" + database.password(), DETAILS,
						"management.health.defaults.enabled=false",
						"management.health." + contributor + ".enabled=true")) {
			assertThat(new Application(context).get("").status(contributor)).isEqualTo("UP");
			try (Connection connection = context.getBean(DataSource.class).getConnection()) {
				assertThat(connection.getNetworkTimeout()).isZero();
			}
		}
	}

	@Test
	void aDbContributorOfTheApplicationIsLeftAsItIs() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = TestApplication.run(OwnContributor.class,
						WebApplicationType.SERVLET, "DATABASE_URL=" + database.url(), DETAILS)) {
			Answer health = new Application(context).get("");
			assertThat(health.component("db").get("components").propertyNames()).containsExactlyInAnyOrder("primary",
					"replica");
		}
	}

	@Test
	void messagingIsJudgedByItselfWhenThePgmqContributorIsSwitchedOff() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"management.health.pgmqDatabase.enabled=false")) {
			assertThat(application.get("").status("messaging")).isEqualTo("UP");
		}
	}

	@Test
	void noEndpointShowsAPassword() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"tasker.pgmq-database.url=" + database.url(), "tasker.database.password=" + database.password(),
						"management.endpoints.web.exposure.include=*", "management.endpoint.env.show-values=always",
						"management.endpoint.configprops.show-values=always")) {
			for (String endpoint : List.of("env", "configprops", "health", "beans", "conditions")) {
				assertThat(application.page("/actuator/" + endpoint)).isNotBlank().doesNotContain(database.password());
			}
		}
	}

	@Test
	void messagingTellsTheTierOfTheDeepestQueueAndStaysUp() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"tasker.messaging.queues=orders,others", "tasker.messaging.metrics-interval=50ms")) {
			application.await((answer) -> tier(answer).equals("normal"));
			JdbcClient jdbc = application.context().getBean(JdbcClient.class);
			jdbc.sql("insert into pgmq.q_others (vt, message) select now(), '1' from generate_series(1, 1000)")
				.update();
			application.await((answer) -> tier(answer).equals("warning"));
			jdbc.sql("insert into pgmq.q_others (vt, message) select now(), '1' from generate_series(1, 10000)")
				.update();
			Answer health = application.await((answer) -> tier(answer).equals("critical"));
			assertThat(health.status("messaging")).isEqualTo("UP");
			jdbc.sql("alter function tasker_pgmq.queue_health(bigint) rename to missing").update();
			application.await((answer) -> tier(answer).equals("unknown"));
		}
	}

	private static String tier(Answer answer) {
		return answer.details("messaging").path("queueDepthTier").asString();
	}

	@Test
	void messagingSwitchedOffIsDisabled() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"tasker.pgmq-database.enabled=false")) {
			Answer health = application.get("");
			assertThat(health.code()).isEqualTo(200);
			assertThat(health.status()).isEqualTo("UP");
			assertThat(health.status("messaging")).isEqualTo("DISABLED");
			assertThat(health.component("pgmqDatabase").isMissingNode()).isTrue();
		}
	}

	@Test
	void messagingInMemoryIsUpWithoutAPgmqDatabase() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"tasker.messaging.provider=in-memory")) {
			Answer health = application.get("");
			assertThat(health.status()).isEqualTo("UP");
			assertThat(health.status("messaging")).isEqualTo("UP");
			assertThat(health.details("messaging").get("provider").asString()).isEqualTo("in_memory");
			assertThat(health.component("pgmqDatabase").isMissingNode()).isTrue();
			assertThat(application.get("/readiness").code()).isEqualTo(200);
		}
	}

	@Test
	void aReadinessGroupOfTheApplicationIsLeftAsItIs() {
		try (TestDatabase database = taskerServer.createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"management.endpoint.health.group.readiness.include=readinessState")) {
			taskerServer.stop();
			assertThat(application.get("/readiness").code()).isEqualTo(200);
		}
		finally {
			ensureRunning(taskerServer);
		}
	}

	@Test
	void eachContributorCanBeSwitchedOff() {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Application application = start("DATABASE_URL=" + database.url(),
						"management.health.taskerDatabase.enabled=false",
						"management.health.pgmqDatabase.enabled=false", "management.health.messaging.enabled=false")) {
			Answer health = application.get("");
			assertThat(health.component("taskerDatabase").isMissingNode()).isTrue();
			assertThat(health.component("pgmqDatabase").isMissingNode()).isTrue();
			assertThat(health.component("messaging").isMissingNode()).isTrue();
			assertThat(health.status("db")).isEqualTo("UP");
		}
	}

	private static void ensureRunning(TaskerPostgres server) {
		if (!server.isRunning()) {
			server.start();
		}
	}

	private static Application start(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add(DETAILS);
		all.add("management.endpoint.health.probes.enabled=true");
		return new Application(
				TestApplication.run(TestApplication.class, WebApplicationType.SERVLET, all.toArray(String[]::new)));
	}

	private record Application(ConfigurableApplicationContext context) implements AutoCloseable {

		Answer await(Predicate<Answer> condition) {
			return Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> get(""), condition);
		}

		String page(String path) {
			return TestApplication.client(this.context).get().uri(path).retrieve().body(String.class);
		}

		Answer get(String path) {
			return TestApplication.client(this.context)
				.get()
				.uri("/actuator/health" + path)
				.exchange((request, response) -> new Answer(response.getStatusCode(),
						JsonMapper.shared().readTree(response.getBody())));
		}

		@Override
		public void close() {
			this.context.close();
		}

	}

	/**
	 * An application that watches its databases in its own way.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class OwnContributor {

		@Bean
		HealthContributor dbHealthContributor() {
			HealthIndicator up = () -> Health.up().build();
			return CompositeHealthContributor.fromMap(Map.of("primary", up, "replica", up));
		}

	}

	/**
	 * An application whose pool, if it is one, restores nothing by itself.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class OneConnection {

		@Bean
		DataSource dataSource(Environment environment) {
			return new SingleConnectionDataSource(environment.getRequiredProperty("own.url"),
					environment.getRequiredProperty("own.username"), environment.getRequiredProperty("own.password"),
					true);
		}

	}

	private record Answer(HttpStatusCode httpStatus, JsonNode body) {

		int code() {
			return this.httpStatus.value();
		}

		String status() {
			return this.body.get("status").asString();
		}

		JsonNode component(String name) {
			return this.body.path("components").path(name);
		}

		String status(String name) {
			return component(name).path("status").asString();
		}

		JsonNode details(String name) {
			return component(name).path("details");
		}

	}

}
