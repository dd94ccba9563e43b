/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.StringUtils;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.metrics.TaskerMetricsAutoConfiguration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.autoconfigure.workflow.DlqSweeper.Outcome;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.DlqResolution;
import systems.tasker.workflow.StaleTaskAction;
import systems.tasker.workflow.TaskState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class DlqSweeperIntegrationTests {

	private static final String OFTEN = "tasker.dlq-sweeper.interval=100ms";

	private static final String FAILS = "Background work dlq-sweeper fails";

	private static final String THREAD = "tasker-dlq-sweeper";

	@AutoClose
	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private final JdbcClient jdbc = JdbcClient.create(this.database.dataSource());

	private StaleTasks tasks;

	@BeforeEach
	void saveTemplate() {
		this.tasks = new StaleTasks(this.database);
	}

	@Test
	void staleTasksAreMovedCountedAndTold(CapturedOutput output) {
		UUID fresh = this.tasks.create("59 minutes");
		List<UUID> stale = this.tasks.create(3);
		try (ConfigurableApplicationContext context = run(OFTEN)) {
			await().until(() -> this.tasks.entries() == 3);
			assertThat(stale).allSatisfy((task) -> {
				assertThat(this.tasks.state(task)).isEqualTo(TaskState.ERROR);
				assertThat(output).containsOnlyOnce("Task " + task + " (ns/work) is stale after 12");
			});
			assertThat(output).contains(" in waiting_for_dependencies: transitioned_to_dlq_and_error");
			assertThat(output).containsOnlyOnce("3 stale tasks were moved, 3 entries of the DLQ are open")
				.contains("docs/tasker-database.md");
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("tasker.dlq.swept")
				.tag("action", "transitioned_to_dlq_and_error")
				.functionCounter()
				.count()).isEqualTo(3);
			await().until(() -> meters.get("tasker.dlq.open").gauge().value() == 3);
			await().until(() -> meters.get("tasker.dlq.sweep").tag("outcome", "done").functionTimer().count() > 1);
			assertThat(meters.get("tasker.dlq.sweep")
				.tag("outcome", "done")
				.functionTimer()
				.totalTime(meters.get("tasker.dlq.sweep").functionTimer().baseTimeUnit())).isPositive();
			this.tasks.tasker()
				.deadLetters()
				.resolve(this.tasks.tasker().deadLetters().open(1).get(0).entryUuid(), DlqResolution.CANCELLED, "bob",
						null);
			await().until(() -> meters.get("tasker.dlq.open").gauge().value() == 2);
			assertThat(this.tasks.state(fresh)).isEqualTo(TaskState.WAITING_FOR_DEPENDENCIES);
			assertThat(this.tasks.entries()).isEqualTo(3);
		}
	}

	@Test
	void oneSweepTakesAsManyBatchesAsItNeeds() {
		this.tasks.create(5);
		try (ConfigurableApplicationContext context = run("tasker.dlq-sweeper.interval=2s",
				"tasker.dlq-sweeper.batch-size=2")) {
			DlqSweeper sweeper = context.getBean(DlqSweeper.class);
			assertThat(this.tasks.entries()).as("not at once").isZero();
			await().until(() -> sweeper.sweepCount(Outcome.DONE) == 1);
			assertThat(sweeper.swept(StaleTaskAction.TRANSITIONED_TO_DLQ_AND_ERROR)).isEqualTo(5);
			assertThat(this.tasks.entries()).isEqualTo(5);
		}
	}

	@Test
	void limitsAreThoseOfTheProperties() {
		UUID task = this.tasks.create("45 minutes");
		try (ConfigurableApplicationContext context = run(OFTEN, "tasker.dlq-sweeper.waiting-for-dependencies=40m",
				"tasker.dlq-sweeper.max-lifetime=2147483647h")) {
			await().until(() -> this.tasks.state(task) == TaskState.ERROR);
			assertThat(context.getBean(DlqSweeperProperties.class).limits()).hasFieldOrPropertyWithValue("batchSize",
					100);
		}
	}

	// Each entry takes its time, so that both sweep at the same time unless they take
	// turns.
	@Test
	void twoApplicationsMoveEachTaskOnce() {
		this.tasks.create(30);
		stallEntries("0.05");
		try (ConfigurableApplicationContext one = run("tasker.dlq-sweeper.interval=50ms");
				ConfigurableApplicationContext other = run("tasker.dlq-sweeper.interval=50ms")) {
			DlqSweeper first = one.getBean(DlqSweeper.class);
			DlqSweeper second = other.getBean(DlqSweeper.class);
			this.tasks.create(30);
			await().until(() -> this.tasks.entries() == 60);
			await().until(() -> first.swept(StaleTaskAction.TRANSITIONED_TO_DLQ_AND_ERROR)
					+ second.swept(StaleTaskAction.TRANSITIONED_TO_DLQ_AND_ERROR) == 60);
			assertThat(first.sweepCount(Outcome.SKIPPED) + second.sweepCount(Outcome.SKIPPED)).isPositive();
			for (DlqSweeper sweeper : List.of(first, second)) {
				assertThat(sweeper.swept(StaleTaskAction.TRANSITION_FAILED)).isZero();
				assertThat(sweeper.swept(StaleTaskAction.MOVED_TO_DLQ_ONLY)).isZero();
				assertThat(sweeper.swept(StaleTaskAction.TRANSITIONED_TO_ERROR_ONLY)).isZero();
			}
		}
	}

	@Test
	void nobodySweepsWhileSomebodyElseHoldsTheLock(CapturedOutput output) throws SQLException {
		this.tasks.create(1);
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("select pg_advisory_xact_lock(hashtextextended('tasker.dlq_sweep', 0))");
			try (ConfigurableApplicationContext context = run(OFTEN)) {
				DlqSweeper sweeper = context.getBean(DlqSweeper.class);
				await().until(() -> sweeper.sweepCount(Outcome.SKIPPED) > 2);
				assertThat(this.tasks.entries()).isZero();
				assertThat(sweeper.openEntries()).as("is counted all the same").hasValue(0);
				assertThat(sweeper.sweepCount(Outcome.DONE)).isZero();
				holder.rollback();
				await().until(() -> this.tasks.entries() == 1);
				assertThat(output).doesNotContain(FAILS);
			}
		}
	}

	@Test
	void aDatabaseThatWasDownIsSweptAgain(CapturedOutput output) {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase tasker = server.createDatabase();
				ConfigurableApplicationContext context = run(tasker, OFTEN,
						"tasker.database.pool.acquire-timeout=250ms",
						"tasker.circuit-breakers.tasker.health-check-interval=500ms")) {
			DlqSweeper sweeper = context.getBean(DlqSweeper.class);
			StaleTasks waiting = new StaleTasks(tasker);
			await().until(() -> sweeper.openEntries().isPresent());
			server.stop();
			await().atMost(Duration.ofSeconds(30)).until(() -> sweeper.sweepCount(Outcome.FAILED) > 10);
			assertThat(sweeper.openEntries()).as("not known").isEmpty();
			assertThat(context.getBean(MeterRegistry.class).get("tasker.dlq.open").gauge().value()).isNaN();
			assertThat(StringUtils.countOccurrencesOf(output.getAll(), FAILS)).as("a line for each reason")
				.isBetween(1, 3);
			assertThat(output).doesNotContain(tasker.password());
			server.start();
			waiting.create(1);
			await().atMost(Duration.ofSeconds(30)).until(() -> waiting.entries() == 1);
			await().until(() -> output.getOut().contains("Background work dlq-sweeper succeeds again"));
		}
	}

	@Test
	void sweepingRestsWhileTheBreakerIsOpen(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(OFTEN)) {
			DlqSweeper sweeper = context.getBean(DlqSweeper.class);
			CircuitBreakerRegistry breakers = context.getBean(CircuitBreakerRegistry.class);
			breakers.circuitBreaker("tasker").transitionToForcedOpenState();
			await().until(() -> sweeper.sweepCount(Outcome.FAILED) > 2);
			this.tasks.create(1);
			await().during(Duration.ofMillis(500)).until(() -> this.tasks.entries() == 0);
			assertThat(output).doesNotContain(FAILS);
			breakers.circuitBreaker("tasker").transitionToClosedState();
			await().until(() -> this.tasks.entries() == 1);
		}
	}

	@Test
	void aTaskThatCannotBeMovedIsToldOnceAndHoldsUpNoOther(CapturedOutput output) {
		UUID stuck = this.tasks.create("9 hours");
		this.tasks.create(2);
		this.tasks.refuseToMove(List.of(stuck));
		try (ConfigurableApplicationContext context = run(OFTEN, "tasker.dlq-sweeper.batch-size=2")) {
			DlqSweeper sweeper = context.getBean(DlqSweeper.class);
			await().until(() -> this.tasks.entries() == 2);
			await().until(() -> sweeper.sweepCount(Outcome.DONE) > 3);
			assertThat(sweeper.swept(StaleTaskAction.TRANSITION_FAILED)).isGreaterThan(3);
			assertThat(this.tasks.state(stuck)).isEqualTo(TaskState.WAITING_FOR_DEPENDENCIES);
			assertThat(output).containsOnlyOnce(stuck.toString());
			assertThat(output.getOut().lines().filter((line) -> line.contains(stuck.toString()))).singleElement()
				.asString()
				.contains("WARN", "could neither be moved");
		}
	}

	@Test
	void aBatchThatCannotBeMovedEndsTheSweep() {
		this.tasks.refuseToMove(this.tasks.create(2));
		try (ConfigurableApplicationContext context = run("tasker.dlq-sweeper.interval=2s",
				"tasker.dlq-sweeper.batch-size=1")) {
			DlqSweeper sweeper = context.getBean(DlqSweeper.class);
			await().until(() -> sweeper.sweepCount(Outcome.DONE) == 1);
			assertThat(sweeper.swept(StaleTaskAction.TRANSITION_FAILED)).isOne();
		}
	}

	@Test
	void closingEndsASweepThatHangs(CapturedOutput output) {
		this.tasks.create(1);
		stallEntries("60");
		ConfigurableApplicationContext context = run(OFTEN);
		await().until(() -> this.jdbc
			.sql("select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
			.query(Integer.class)
			.single() == 1);
		long start = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		await().until(() -> !isAlive());
		assertThat(output).doesNotContain(FAILS);
		assertThat(this.tasks.entries()).isZero();
	}

	@Test
	void isOffByDefault() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.database.url(),
				"PGMQ_ENABLED=false")) {
			assertThat(context.getBeanNamesForType(DlqSweeper.class)).isEmpty();
			assertThat(context.getBeanNamesForType(DlqSweeperProperties.class)).isEmpty();
			await().until(() -> !isAlive());
			assertThat(context.getBean(MeterRegistry.class).find("tasker.dlq.open").gauge()).isNull();
		}
	}

	@Test
	void worksWithoutMicrometerAndResilience4j() {
		this.tasks.create(1);
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class,
					TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class,
					TaskerWorkflowAutoConfiguration.class, TaskerDlqSweeperAutoConfiguration.class,
					TaskerMetricsAutoConfiguration.class))
			.withClassLoader(
					new FilteredClassLoader("io.micrometer.core", "io.micrometer.tracing", "io.github.resilience4j"))
			.withPropertyValues("tasker.database.url=" + this.database.url(), "tasker.pgmq-database.enabled=false",
					"tasker.dlq-sweeper.enabled=true", OFTEN)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				await().until(() -> this.tasks.entries() == 1);
			});
	}

	@ParameterizedTest
	@CsvSource({ "interval,0,from 1ms to 20000d", "interval,-1s,from 1ms to 20000d", "batch-size,0,1 or more",
			"waiting-for-dependencies,90s,whole minutes", "waiting-for-retry,0m,whole minutes",
			"steps-in-process,-1m,whole minutes", "waiting-for-retry,2147483648m,whole minutes",
			"max-lifetime,90m,whole hours" })
	void badPropertiesAreNamed(String property, String value, String reason) {
		assertThatException().isThrownBy(() -> run("tasker.dlq-sweeper.%s=%s".formatted(property, value)).close())
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationPropertyValueException.class)
			.withMessageContainingAll("tasker.dlq-sweeper." + property, reason);
	}

	private void stallEntries(String seconds) {
		this.jdbc.sql("""
				create function public.stall() returns trigger language plpgsql as
				'begin perform pg_sleep(%s); return new; end'""".formatted(seconds)).update();
		this.jdbc.sql("create trigger stall before insert on tasker.tasks_dlq for each row execute function stall()")
			.update();
	}

	private ConfigurableApplicationContext run(String... properties) {
		return run(this.database, properties);
	}

	private static ConfigurableApplicationContext run(TestDatabase database, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("DATABASE_URL=" + database.url(), "PGMQ_ENABLED=false", "tasker.dlq-sweeper.enabled=true"));
		return TestApplication.run(all.toArray(String[]::new));
	}

	private static boolean isAlive() {
		return Thread.getAllStackTraces().keySet().stream().anyMatch((thread) -> thread.getName().equals(THREAD));
	}

}
