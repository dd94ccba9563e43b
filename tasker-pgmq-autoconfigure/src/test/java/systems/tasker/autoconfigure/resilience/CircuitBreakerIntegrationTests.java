/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.database.DatabasePools;
import systems.tasker.messaging.CircuitBreakerOpenException;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the circuit breakers, with servers that really stop.
 */
@Tag("any-postgres")
class CircuitBreakerIntegrationTests {

	// A notification is a call too, and comes when it likes.
	private static final String SENDS_ONLY = "tasker.messaging.pgmq.notify=off";

	private TaskerPostgres server;

	private TestDatabase onServer;

	private TestDatabase elsewhere;

	@BeforeEach
	void startServer() {
		this.server = TaskerPostgres.builder().start();
		this.onServer = this.server.createDatabase();
		this.elsewhere = TaskerPostgres.shared().createDatabase();
	}

	@AfterEach
	void closeServer() {
		this.elsewhere.close();
		this.server.close();
	}

	@Test
	void consecutiveOutagesOpenThePgmqBreakerAndItRefusesAtOnce() {
		try (ConfigurableApplicationContext context = pgmqOnServer("tasker.circuit-breakers.pgmq.timeout=60s")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", "before");
			this.server.stop();
			for (int i = 0; i < 5; i++) {
				assertThat(breaker(context, "pgmq").getState()).isEqualTo(State.CLOSED);
				assertThatExceptionOfType(MessagingUnavailableException.class)
					.isThrownBy(() -> messaging.sendMessage("orders", "during"));
			}
			assertThat(breaker(context, "pgmq").getState()).isEqualTo(State.OPEN);
			HikariDataSource pool = (HikariDataSource) context.getBean(DatabasePools.class).pgmq();
			long start = System.nanoTime();
			for (int i = 0; i < 1000; i++) {
				assertThatExceptionOfType(CircuitBreakerOpenException.class)
					.isThrownBy(() -> messaging.sendMessage("orders", "refused"))
					.satisfies((ex) -> assertThat(ex.database()).isEqualTo("pgmq"))
					.satisfies((ex) -> assertThat(ex.retryAt()).isAfter(Instant.now()))
					.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
			assertThat(pool.getHikariPoolMXBean().getThreadsAwaitingConnection()).isZero();
			assertThat(breaker(context, "tasker").getState()).isEqualTo(State.CLOSED);
			assertThat(context.getBean(JdbcClient.class).sql("select 1").query(Integer.class).single()).isOne();
		}
	}

	@Test
	void theProbeClosesTheBreakerOnceTheServerIsBack() {
		try (ConfigurableApplicationContext context = pgmqOnServer("tasker.circuit-breakers.pgmq.timeout=1h",
				"tasker.circuit-breakers.pgmq.health-check-interval=100ms")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			this.server.crash();
			failUntilOpen(messaging, breaker(context, "pgmq"));
			this.server.start();
			await().atMost(Duration.ofSeconds(10)).until(() -> breaker(context, "pgmq").getState() == State.CLOSED);
			messaging.sendMessage("orders", "after");
		}
	}

	@Test
	void trialCallsCloseTheBreakerWhenAllSucceed() {
		try (ConfigurableApplicationContext context = pgmqOnServer("tasker.circuit-breakers.pgmq.timeout=200ms",
				"tasker.circuit-breakers.pgmq.health-check-enabled=false")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			CircuitBreaker breaker = breaker(context, "pgmq");
			this.server.stop();
			failUntilOpen(messaging, breaker);
			await().until(() -> !isRefused(messaging));
			assertThat(breaker.getState()).as("one failed trial call").isEqualTo(State.OPEN);
			this.server.start();
			await().until(() -> isSent(messaging));
			assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
			messaging.sendMessage("orders", "second trial");
			assertThat(breaker.getState()).isEqualTo(State.CLOSED);
		}
	}

	@Test
	void oneFailedTrialCallOpensTheBreakerAgain() {
		try (ConfigurableApplicationContext context = pgmqOnServer("tasker.circuit-breakers.pgmq.timeout=200ms",
				"tasker.circuit-breakers.pgmq.success-threshold=4",
				"tasker.circuit-breakers.pgmq.health-check-enabled=false")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			CircuitBreaker breaker = breaker(context, "pgmq");
			this.server.stop();
			failUntilOpen(messaging, breaker);
			this.server.start();
			await().until(() -> isSent(messaging));
			messaging.sendMessage("orders", "second trial");
			this.server.stop();
			assertThat(isSent(messaging)).isFalse();
			assertThat(breaker.getState()).isEqualTo(State.OPEN);
		}
	}

	@Test
	void whatIsNoOutageNeverOpensThePgmqBreaker() {
		try (ConfigurableApplicationContext context = pgmqOnServer()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			for (int i = 0; i < 20; i++) {
				assertThatExceptionOfType(QueueNotFoundException.class)
					.isThrownBy(() -> messaging.sendMessage("missing", "x"));
			}
			assertThat(breaker(context, "pgmq").getMetrics().getNumberOfFailedCalls()).isZero();
		}
	}

	@Test
	void anOutageOfTheTaskerDatabaseLeavesMessagingAlone() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.onServer.url(),
				"PGMQ_DATABASE_URL=" + this.elsewhere.url(), "tasker.messaging.queues=orders",
				"tasker.database.pool.acquire-timeout=250ms")) {
			JdbcClient jdbc = context.getBean(JdbcClient.class);
			this.server.stop();
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(RuntimeException.class)
					.isThrownBy(() -> jdbc.sql("select 1").query(Integer.class).single());
			}
			assertThat(breaker(context, "tasker").getState()).isEqualTo(State.OPEN);
			assertThatExceptionOfType(CannotGetJdbcConnectionException.class)
				.isThrownBy(() -> jdbc.sql("select 1").query(Integer.class).single())
				.havingRootCause()
				.isInstanceOfSatisfying(CircuitBreakerOpenException.class,
						(ex) -> assertThat(ex.database()).isEqualTo("tasker"));
			context.getBean(MessagingService.class).sendMessage("orders", "x");
			assertThat(breaker(context, "pgmq").getState()).isEqualTo(State.CLOSED);
		}
	}

	@Test
	void inSingleModeACallIsGuardedOnce() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.elsewhere.url(),
				"tasker.messaging.queues=orders", SENDS_ONLY, "tasker.circuit-breakers.tasker.failure-threshold=50",
				"tasker.circuit-breakers.pgmq.failure-threshold=50")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			breaker(context, "tasker").reset();
			breaker(context, "pgmq").reset();
			messaging.sendMessage("orders", "alone");
			assertThat(calls(context, "pgmq")).isOne();
			assertThat(calls(context, "tasker")).isZero();
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					messaging.sendMessage("orders", "in a transaction");
					status.setRollbackOnly();
				});
			assertThat(calls(context, "pgmq")).isEqualTo(2);
			assertThat(calls(context, "tasker")).isOne();
			assertThat(messaging.queueStats("orders").length()).as("joined, and rolled back").hasValue(1);
		}
	}

	@Test
	void readingHealthChangesNoBreaker() {
		try (ConfigurableApplicationContext context = TestApplication.run(TestApplication.class,
				WebApplicationType.SERVLET, "DATABASE_URL=" + this.onServer.url(),
				"PGMQ_DATABASE_URL=" + this.onServer.url() + "?options=-cwork_mem%3D8MB",
				"tasker.database.pool.acquire-timeout=250ms", "management.endpoint.health.show-details=always")) {
			this.server.stop();
			List<Integer> before = counters(context);
			for (int i = 0; i < 10; i++) {
				assertThat(health(context)).contains("\"taskerDatabase\"").contains("\"circuitBreaker\":\"closed\"");
			}
			assertThat(counters(context)).isEqualTo(before);
			breaker(context, "pgmq").transitionToOpenState();
			assertThat(health(context)).contains("\"circuitBreaker\":\"open\"");
			assertThat(breaker(context, "pgmq").getState()).isEqualTo(State.OPEN);
		}
	}

	@Test
	void breakersAreShownByTheEndpointsAndMetersOfResilience4j() {
		try (ConfigurableApplicationContext context = TestApplication.run(TestApplication.class,
				WebApplicationType.SERVLET, "DATABASE_URL=" + this.elsewhere.url(),
				"management.endpoints.web.exposure.include=circuitbreakers,circuitbreakerevents,metrics",
				"resilience4j.circuitbreaker.instances.tasker.sliding-window-size=77",
				"resilience4j.circuitbreaker.configs.default.slow-call-duration-threshold=1ms")) {
			assertThat(get(context, "/actuator/circuitbreakers")).contains("\"tasker\"").contains("\"pgmq\"");
			assertThat(get(context, "/actuator/metrics/resilience4j.circuitbreaker.state")).contains("\"pgmq\"");
			assertThat(breaker(context, "tasker").getCircuitBreakerConfig().getSlidingWindowSize())
				.as("only tasker.circuit-breakers counts")
				.isEqualTo(5);
		}
	}

	@Test
	void whatIsSetForResilience4jLeavesTheBreakersAlone() {
		String prefix = "resilience4j.circuitbreaker.";
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.elsewhere.url(),
				"tasker.messaging.queues=orders", SENDS_ONLY,
				prefix + "configs.default.slow-call-duration-threshold=1ns",
				prefix + "configs.default.slow-call-rate-threshold=1",
				prefix + "configs.default.ignore-exceptions=java.sql.SQLException",
				prefix + "configs.default.automatic-transition-from-open-to-half-open-enabled=false",
				prefix + "instances.pgmq.base-config=default", prefix + "instances.pgmq.minimum-number-of-calls=1",
				prefix + "instances.pgmq.ignore-exceptions=java.lang.RuntimeException")) {
			for (int i = 0; i < 10; i++) {
				context.getBean(MessagingService.class).sendMessage("orders", "x");
				context.getBean(JdbcClient.class).sql("select 1").query(Integer.class).single();
			}
			for (String name : List.of("tasker", "pgmq")) {
				CircuitBreaker breaker = breaker(context, name);
				assertThat(breaker.getState()).isEqualTo(State.CLOSED);
				for (int i = 0; i < 5; i++) {
					breaker.onError(1, TimeUnit.MILLISECONDS, new SQLException("gone", "08006"));
				}
				assertThat(breaker.getState()).isEqualTo(State.OPEN);
			}
		}
	}

	@Test
	void withoutProbeAndTrafficAnInstanceReturnsToService() {
		try (ConfigurableApplicationContext context = TestApplication.run(TestApplication.class,
				WebApplicationType.SERVLET, "DATABASE_URL=" + this.elsewhere.url(),
				"tasker.circuit-breakers.tasker.health-check-enabled=false",
				"tasker.circuit-breakers.tasker.timeout=3s", "management.endpoint.health.probes.enabled=true")) {
			assertThat(get(context, "/actuator/health/readiness")).contains("\"UP\"");
			breaker(context, "tasker").transitionToOpenState();
			assertThat(get(context, "/actuator/health/readiness")).contains("\"DOWN\"");
			await().atMost(Duration.ofSeconds(15))
				.untilAsserted(() -> assertThat(get(context, "/actuator/health/readiness")).contains("\"UP\"")
					.doesNotContain("DOWN"));
			assertThat(breaker(context, "tasker").getState()).isEqualTo(State.HALF_OPEN);
		}
	}

	@Test
	void withoutResilience4jThereAreNoBreakersAndMessagesTravel() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class, DataSourceAutoConfiguration.class,
							TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class,
							TaskerMessagingAutoConfiguration.class, TaskerCircuitBreakerAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
			.withPropertyValues("tasker.database.url=" + this.elsewhere.url(), "tasker.messaging.queues=orders")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(TaskerCircuitBreakerAutoConfiguration.class);
				assertThat(context.getBean(MessagingService.class).sendMessage("orders", "x").value()).isOne();
			});
	}

	private ConfigurableApplicationContext pgmqOnServer(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.elsewhere.url());
		all.add("PGMQ_DATABASE_URL=" + this.onServer.url());
		all.add("tasker.messaging.queues=orders");
		all.add("tasker.pgmq-database.pool.acquire-timeout=250ms");
		all.add(SENDS_ONLY);
		return TestApplication.run(all.toArray(String[]::new));
	}

	private static void failUntilOpen(MessagingService messaging, CircuitBreaker breaker) {
		await().pollInterval(Duration.ofMillis(10)).until(() -> {
			isSent(messaging);
			return breaker.getState() == State.OPEN;
		});
	}

	private static boolean isSent(MessagingService messaging) {
		try {
			messaging.sendMessage("orders", "x");
			return true;
		}
		catch (MessagingException ex) {
			return false;
		}
	}

	private static boolean isRefused(MessagingService messaging) {
		try {
			messaging.sendMessage("orders", "x");
			return false;
		}
		catch (CircuitBreakerOpenException ex) {
			return true;
		}
		catch (MessagingException ex) {
			return false;
		}
	}

	private static CircuitBreaker breaker(ConfigurableApplicationContext context, String name) {
		return context.getBean(CircuitBreakerRegistry.class).circuitBreaker(name);
	}

	private static int calls(ConfigurableApplicationContext context, String name) {
		return breaker(context, name).getMetrics().getNumberOfBufferedCalls();
	}

	private static List<Integer> counters(ConfigurableApplicationContext context) {
		List<Integer> counters = new ArrayList<>();
		for (String name : List.of("tasker", "pgmq")) {
			CircuitBreaker.Metrics metrics = breaker(context, name).getMetrics();
			counters.add(metrics.getNumberOfFailedCalls());
			counters.add(metrics.getNumberOfSuccessfulCalls());
			counters.add((int) metrics.getNumberOfNotPermittedCalls());
		}
		return counters;
	}

	private static String health(ConfigurableApplicationContext context) {
		return get(context, "/actuator/health");
	}

	private static String get(ConfigurableApplicationContext context, String path) {
		return TestApplication.client(context)
			.get()
			.uri(path)
			.exchange((request, response) -> new String(response.getBody().readAllBytes(),
					java.nio.charset.StandardCharsets.UTF_8));
	}

}
