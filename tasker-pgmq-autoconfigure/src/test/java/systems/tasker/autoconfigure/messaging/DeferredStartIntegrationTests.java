/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import javax.sql.DataSource;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import tools.jackson.databind.JsonNode;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.autoconfigure.resilience.TaskerCircuitBreakerAutoConfiguration;
import systems.tasker.messaging.CircuitBreakerOpenException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code tasker.pgmq-database.migration-on-failure=defer}, with servers that
 * are not there, or not ready, when the application starts.
 */
@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class DeferredStartIntegrationTests {

	private static final String DEFER = "tasker.pgmq-database.migration-on-failure=defer";

	private static final String THREAD = "pgmq-startup";

	private static final String NOT_READY = "The PGMQ database is not ready";

	private static final String READY = "The PGMQ database is ready";

	private static TaskerPostgres server;

	@BeforeAll
	static void startServer() {
		server = TaskerPostgres.builder().start();
	}

	@AfterAll
	static void closeServer() {
		server.close();
	}

	// Whatever a test has left behind: the next one would take it for its own.
	@AfterEach
	void awaitTheEndOfTheBackground() {
		ensureRunning();
		await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(THREAD));
	}

	@Test
	void theApplicationStartsWithoutThePgmqServerAndCatchesUpWhenItIsBack(CapturedOutput output) {
		TestDatabase queues = server.createEmptyDatabase();
		server.stop();
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase()) {
			try (ConfigurableApplicationContext context = start(tasker.url(), queues.url())) {
				assertTaskerSideWorks(context);
				assertDegraded(context, "refused");
				assertSendsFailFast(context);
				// Several attempts later there is still one line.
				await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(30)).until(() -> isDeferred(context));
				assertThat(output.toString()).containsOnlyOnce(NOT_READY).doesNotContain(READY);
				server.start();
				awaitReady(context);
				assertThat(breaker(context).getState()).isEqualTo(State.CLOSED);
				assertThat(context.getBean(MessagingService.class).sendMessage("orders", "x").value()).isOne();
				assertThat(output.toString()).containsOnlyOnce(READY);
				await().until(() -> health(context).path("status").asString().equals("UP"));
				assertThat(details(context).path("migration").asString()).startsWith("current");
				await().until(() -> !isAlive(THREAD));
			}
			assertThat(output).doesNotContain(queues.password());
		}
		finally {
			ensureRunning();
		}
	}

	@Test
	void aWrongPasswordIsToldAndTriedAgainUntilItIsRight(CapturedOutput output) {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createEmptyDatabase();
				Latecomer latecomer = new Latecomer(queues);
				ConfigurableApplicationContext context = start(tasker.url(), latecomer.url())) {
			assertDegraded(context, "password authentication failed");
			assertSendsFailFast(context);
			latecomer.admit();
			awaitReady(context);
			context.getBean(MessagingService.class).sendMessage("orders", "x");
		}
		assertThat(output).doesNotContain("hunter2");
	}

	@Test
	void aSchemaThatDoesNotFitIsDeferredToo(CapturedOutput output) {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createDatabase()) {
			JdbcClient jdbc = JdbcClient.create(queues.dataSource());
			String history = "update tasker_pgmq.tasker_pgmq_schema_history set checksum = checksum %s where version = '1'";
			jdbc.sql(history.formatted("+ 1")).update();
			try (ConfigurableApplicationContext context = start(tasker.url(), queues.url())) {
				// The database itself answers.
				assertDegraded(context, "checksum mismatch");
				assertThat(details(context).path("pgmqVersion").asString()).isEqualTo("1.11.1");
				await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(30)).until(() -> isDeferred(context));
				assertThat(output.toString()).containsOnlyOnce(NOT_READY);
				jdbc.sql(history.formatted("- 1")).update();
				await().atMost(Duration.ofSeconds(60)).until(() -> !isDeferred(context));
				assertThat(breaker(context).getState()).isEqualTo(State.CLOSED);
			}
		}
	}

	@Test
	void queuesThatCannotBeCreatedAreDeferredToo() {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createDatabase()) {
			JdbcClient jdbc = JdbcClient.create(queues.superuserDataSource());
			jdbc.sql("alter table pgmq.meta rename to hidden").update();
			try (ConfigurableApplicationContext context = start(tasker.url(), queues.url(),
					"tasker.pgmq-database.migration=none")) {
				assertDegraded(context, "The queues of tasker.messaging.queues [orders] cannot be created");
				jdbc.sql("alter table pgmq.hidden rename to meta").update();
				awaitReady(context);
				assertThat(details(context).path("migration").asString()).isEqualTo("not checked");
			}
		}
	}

	@Test
	void closingEndsTheBackgroundBetweenTwoAttempts(CapturedOutput output) {
		TestDatabase queues = server.createEmptyDatabase();
		server.stop();
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = start(tasker.url(), queues.url())) {
			assertClosesQuietly(context, output);
		}
		finally {
			ensureRunning();
		}
	}

	@Test
	void closingEndsAnAttemptThatWaitsForAnotherInstance(CapturedOutput output) throws SQLException {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createEmptyDatabase();
				Latecomer latecomer = new Latecomer(queues);
				ConfigurableApplicationContext context = start(tasker.url(), latecomer.url())) {
			try (Connection other = queues.superuserDataSource().getConnection();
					Statement statement = other.createStatement()) {
				statement.execute("select pg_advisory_lock(" + 0x5461736B6572L + ")");
				latecomer.admit();
				await().atMost(Duration.ofSeconds(60))
					.until(() -> output.toString().contains("Another instance is migrating the tasker_pgmq database"));
				assertClosesQuietly(context, output);
			}
		}
	}

	@Test
	void closingEndsAnAttemptInTheMiddleOfFlyway(CapturedOutput output) throws SQLException {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createDatabase();
				Latecomer latecomer = new Latecomer(queues);
				ConfigurableApplicationContext context = start(tasker.url(), latecomer.url())) {
			assertClosesQuietlyWhileLocked("tasker_pgmq.tasker_pgmq_schema_history", context, latecomer, output);
		}
	}

	@Test
	void closingEndsAnAttemptInTheMiddleOfAQueue(CapturedOutput output) throws SQLException {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createDatabase();
				Latecomer latecomer = new Latecomer(queues);
				ConfigurableApplicationContext context = start(tasker.url(), latecomer.url())) {
			assertClosesQuietlyWhileLocked("pgmq.meta", context, latecomer, output);
		}
	}

	@Test
	void aServerThatAcceptsAndSaysNothingHoldsNothingUp(CapturedOutput output) throws IOException {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				ConfigurableApplicationContext context = start(tasker.url(),
						"postgresql://app:hunter2@127.0.0.1:" + silent.getLocalPort() + "/queues",
						"tasker.pgmq-database.pool.acquire-timeout=1s")) {
			// Not by health, which would have the pool connect too.
			assertThat(context.getBean(JdbcClient.class).sql("select 1").query(Integer.class).single()).isOne();
			assertSendsFailFast(context);
			assertThat(output).doesNotContain("hunter2");
			assertClosesQuietly(context, output);
			// The driver's own, which wait for the login.
			await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive("PostgreSQL JDBC driver connection thread"));
		}
	}

	@Test
	void withoutResilience4jSendsFailAtOnceTooUntilTheServerIsBack() {
		TestDatabase queues = server.createEmptyDatabase();
		server.stop();
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class,
						DataSourceAutoConfiguration.class, TaskerDatabaseAutoConfiguration.class,
						TaskerMigrationAutoConfiguration.class, TaskerMessagingAutoConfiguration.class,
						TaskerCircuitBreakerAutoConfiguration.class))
				.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
				.withPropertyValues("tasker.database.url=" + tasker.url(), "tasker.pgmq-database.url=" + queues.url(),
						"tasker.messaging.queues=orders", DEFER)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(PgmqStartup.class).deferral()).isPresent();
					MessagingService messaging = context.getBean(MessagingService.class);
					assertSendsFailFast(context);
					server.start();
					await().atMost(Duration.ofSeconds(60))
						.until(() -> context.getBean(PgmqStartup.class).deferral().isEmpty());
					assertThat(messaging.sendMessage("orders", "x").value()).isOne();
				});
		}
		finally {
			ensureRunning();
		}
	}

	@Test
	void anErrorDoesNotEndTheAttempts(CapturedOutput output) throws Exception {
		try (TestDatabase queues = server.createDatabase()) {
			List<Throwable> failures = new ArrayList<>(
					List.of(new SQLException("not yet", "08001"), new NoClassDefFoundError("some/Driver")));
			DataSource pool = new DelegatingDataSource(queues.dataSource()) {
				@Override
				public Connection getConnection() throws SQLException {
					if (!failures.isEmpty()) {
						Throwable failure = failures.remove(0);
						if (failure instanceof Error error) {
							throw error;
						}
						throw (SQLException) failure;
					}
					return super.getConnection();
				}
			};
			PgmqStartup startup = new PgmqStartup(null,
					new QueueCreation(DeclaredQueues.of(List.of(QueueProperties.of("orders"))), pool), true);
			try {
				startup.afterPropertiesSet();
				await().atMost(Duration.ofSeconds(60)).until(() -> startup.deferral().isEmpty());
			}
			finally {
				startup.destroy();
			}
			assertThat(output.toString()).contains("NoClassDefFoundError: some/Driver").containsOnlyOnce(READY);
		}
	}

	@Test
	void inSingleModeTheStartFailsAllTheSame(CapturedOutput output) {
		TestDatabase database = server.createEmptyDatabase();
		server.stop();
		try {
			assertThatException()
				.isThrownBy(() -> TestApplication.run("DATABASE_URL=" + database.url(), DEFER).close());
			assertThat(output).contains("APPLICATION FAILED TO START").contains("cannot be reached");
		}
		finally {
			ensureRunning();
		}
	}

	@Test
	void inSingleModeAFailureOfPgmqIsNotDeferred(CapturedOutput output) {
		try (TestDatabase database = server.createEmptyDatabase()) {
			assertThatException().isThrownBy(
					() -> TestApplication
						.run("DATABASE_URL=" + database.url(), "tasker.messaging.queues=orders",
								"tasker.pgmq-database.migration=none", DEFER)
						.close());
			assertThat(output).contains("APPLICATION FAILED TO START").contains("tasker.messaging.queues");
		}
	}

	@Test
	void aBadQueueNameIsNotDeferred(CapturedOutput output) {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase()) {
			assertThatException().isThrownBy(
					() -> start(tasker.url(), "postgresql://app@127.0.0.1:1/queues", "tasker.messaging.queues=Orders")
						.close());
			assertThat(output).contains("Correct the name in tasker.messaging.queues");
		}
	}

	@Test
	void onlyMessagingWaitsForTheStartOfThePgmqDatabase() {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase queues = server.createDatabase();
				ConfigurableApplicationContext context = start(tasker.url(), queues.url())) {
			ConfigurableListableBeanFactory beans = context.getBeanFactory();
			assertThat(beans.getDependentBeans("taskerMigration")).contains("jdbcTemplate");
			assertThat(beans.getDependentBeans("pgmqMigration")).isSubsetOf("pgmqStartup");
			assertThat(beans.getDependentBeans("pgmqStartup")).contains("taskerMessagingService");
			assertThat(beans.getDependentBeans("taskerMessagingService"))
				.allMatch((bean) -> bean.startsWith("messag") || bean.startsWith("taskerMessag"));
		}
	}

	private static ConfigurableApplicationContext start(String tasker, String pgmq, String... properties) {
		List<String> all = new ArrayList<>(List.of("DATABASE_URL=" + tasker, "PGMQ_DATABASE_URL=" + pgmq, DEFER,
				"tasker.messaging.queues=orders", "management.endpoint.health.show-details=always"));
		all.addAll(List.of(properties));
		return TestApplication.run(TestApplication.class, WebApplicationType.SERVLET, all.toArray(String[]::new));
	}

	private static void assertTaskerSideWorks(ConfigurableApplicationContext context) {
		assertThat(
				context.getBean(JdbcClient.class).sql("select count(*) from tasker.tasks").query(Long.class).single())
			.isZero();
		assertThat(health(context).path("components").path("taskerDatabase").path("status").asString()).isEqualTo("UP");
	}

	private static void assertDegraded(ConfigurableApplicationContext context, String reason) {
		JsonNode health = health(context);
		assertThat(health.path("status").asString()).isEqualTo("DEGRADED");
		assertThat(health.path("components").path("pgmqDatabase").path("status").asString()).isEqualTo("DEGRADED");
		assertThat(health.path("components").path("messaging").path("status").asString()).isEqualTo("DEGRADED");
		assertThat(details(context).path("migration").asString()).startsWith("deferred: ").containsIgnoringCase(reason);
		assertThat(details(context).path("circuitBreaker").asString()).isEqualTo("closed");
		assertThat(health.toString()).doesNotContain("hunter2");
	}

	private static void assertSendsFailFast(ApplicationContext context) {
		MessagingService messaging = context.getBean(MessagingService.class);
		String reason = context.getBean(PgmqStartup.class).deferral().orElseThrow();
		List<Duration> times = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			long start = System.nanoTime();
			assertThatExceptionOfType(CircuitBreakerOpenException.class)
				.isThrownBy(() -> messaging.sendMessage("orders", "refused"))
				.satisfies((ex) -> assertThat(ex.retryAt()).isNull())
				.withMessageContaining(reason);
			times.add(Duration.ofNanos(System.nanoTime() - start));
		}
		// Far below what a send waits for a connection. Not all of them, and not their
		// sum: a busy machine holds up some.
		Collections.sort(times);
		assertThat(times.get(900)).isLessThan(Duration.ofMillis(100));
	}

	private static void assertClosesQuietlyWhileLocked(String table, ConfigurableApplicationContext context,
			Latecomer latecomer, CapturedOutput output) throws SQLException {
		try (Connection other = latecomer.database().superuserDataSource().getConnection();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("lock table " + table + " in access exclusive mode");
			latecomer.admit();
			await().atMost(Duration.ofSeconds(60))
				.until(() -> JdbcClient.create(latecomer.database().superuserDataSource())
					.sql("select count(*) from pg_locks where not granted and relation = to_regclass(?)")
					.param(table)
					.query(Long.class)
					.single() > 0);
			assertClosesQuietly(context, output);
		}
	}

	private static void assertClosesQuietly(ConfigurableApplicationContext context, CapturedOutput output) {
		assertThat(isAlive(THREAD)).isTrue();
		int before = output.toString().length();
		long start = System.nanoTime();
		context.close();
		// Below what the driver waits for an answer, 30 s.
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
		await().atMost(Duration.ofSeconds(1)).until(() -> !isAlive(THREAD));
		assertThat(output.toString().substring(before)).doesNotContain("WARN", "ERROR", "Exception");
	}

	private static boolean isAlive(String thread) {
		Thread[] threads = new Thread[Thread.activeCount() + 100];
		Thread.enumerate(threads);
		return Arrays.stream(threads).anyMatch((candidate) -> candidate != null && candidate.getName().equals(thread));
	}

	private static void awaitReady(ConfigurableApplicationContext context) {
		await().atMost(Duration.ofSeconds(60)).until(() -> !isDeferred(context));
		assertThat(context.getBean(MessagingService.class).verifyQueues(List.of("orders")).healthy())
			.containsExactly("orders");
	}

	private static boolean isDeferred(ConfigurableApplicationContext context) {
		return context.getBean(PgmqStartup.class).deferral().isPresent();
	}

	private static CircuitBreaker breaker(ConfigurableApplicationContext context) {
		return context.getBean(CircuitBreakerRegistry.class).circuitBreaker("pgmq");
	}

	private static JsonNode details(ConfigurableApplicationContext context) {
		return health(context).path("components").path("pgmqDatabase").path("details");
	}

	private static JsonNode health(ConfigurableApplicationContext context) {
		return TestApplication.json(context, "/actuator/health");
	}

	private static void ensureRunning() {
		if (!server.isRunning()) {
			server.start();
		}
	}

	/**
	 * A role whose password becomes what the application thinks it is only later.
	 *
	 * @param database the database, of which it has the rights of the owner
	 */
	private record Latecomer(TestDatabase database) implements AutoCloseable {

		private Latecomer {
			JdbcClient administrator = JdbcClient.create(database.superuserDataSource());
			administrator.sql("create role latecomer login password 'something else'").update();
			administrator.sql("grant " + database.username() + " to latecomer").update();
		}

		String url() {
			return this.database.url().replaceFirst("//[^@]*@", "//latecomer:hunter2@");
		}

		void admit() {
			JdbcClient.create(this.database.superuserDataSource())
				.sql("alter role latecomer password 'hunter2'")
				.update();
		}

		@Override
		public void close() {
			JdbcClient administrator = JdbcClient.create(this.database.superuserDataSource());
			administrator.sql("reassign owned by latecomer to " + this.database.username()).update();
			administrator.sql("drop owned by latecomer").update();
			administrator.sql("drop role latecomer").update();
		}

	}

}
