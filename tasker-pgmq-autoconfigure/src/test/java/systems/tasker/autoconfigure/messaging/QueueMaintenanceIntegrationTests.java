/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.pgmq.PgmqQueues;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what an application does with the queues it declares, at start and in the
 * background.
 */
@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class QueueMaintenanceIntegrationTests {

	private static final String NAME = "tasker.messaging.queues[0].name=orders";

	private static final String RETENTION = "tasker.messaging.queues[0].archive-retention=1h";

	private static final String OFTEN = "tasker.messaging.maintenance-interval=50ms";

	private static final String WORKER = "pgmq-archive-retention";

	@AutoClose
	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private final JdbcClient jdbc = JdbcClient.create(this.database.dataSource());

	@Test
	void declaredQueuesAreCreatedWithTheirParametersAndASecondStartChangesNothing(CapturedOutput output) {
		this.jdbc.sql("select pgmq.create('foreign_queue')").query().singleRow();
		String[] declared = { NAME, "tasker.messaging.queues[1].name=ticks", "tasker.messaging.queues[1].unlogged=true",
				"tasker.messaging.queues[1].archive-retention=7d",
				"tasker.messaging.queues[1].autovacuum.threshold=1000" };
		run(declared).close();
		assertThat(catalog("q_orders", "relpersistence::text")).isEqualTo("p");
		assertThat(catalog("q_orders", "reloptions::text")).contains("scale_factor=0.01", "threshold=50",
				"cost_delay=2");
		assertThat(catalog("a_orders", "reloptions::text")).as("nothing is ever deleted there").isNull();
		assertThat(catalog("q_ticks", "relpersistence::text")).isEqualTo("u");
		assertThat(catalog("q_ticks", "reloptions::text")).contains("threshold=1000");
		assertThat(catalog("a_ticks", "reloptions::text")).contains("threshold=1000");
		assertThat(catalog("q_foreign_queue", "reloptions::text")).as("not declared").isNull();
		assertThat(output).contains("Autovacuum of [pgmq.q_orders] is set");
		String before = catalog("q_orders", "xmin::text") + catalog("q_ticks", "xmin::text");
		run(declared).close();
		assertThat(catalog("q_orders", "xmin::text") + catalog("q_ticks", "xmin::text")).isEqualTo(before);
		assertThat(output).containsOnlyOnce("Autovacuum of [pgmq.q_orders] is set")
			.doesNotContain("stays so")
			.doesNotContain("cannot be set");
	}

	@Test
	void aQueueThatExistsStaysLoggedAndTheLogSaysSo(CapturedOutput output) {
		run(NAME).close();
		assertThat(output).doesNotContain("stays so");
		run(NAME, "tasker.messaging.queues[0].unlogged=true").close();
		assertThat(catalog("q_orders", "relpersistence::text")).isEqualTo("p");
		assertThat(output)
			.containsOnlyOnce("Queue \"orders\" is unlogged by tasker.messaging.queues[0].unlogged, but exists");
	}

	@Test
	void anUnloggedQueueThatIsNotDeclaredSoIsToldOf(CapturedOutput output) {
		this.jdbc.sql("select pgmq.create_unlogged('orders')").query().singleRow();
		run(NAME).close();
		assertThat(output).containsOnlyOnce("Queue \"orders\" is unlogged and will be empty after a crash")
			.contains("tasker.messaging.queues[0].unlogged=true");
	}

	@Test
	void parametersThatOnlyTheOwnerMaySetDoNotFailTheStart(CapturedOutput output) {
		run(NAME).close();
		JdbcClient administrator = JdbcClient.create(this.database.superuserDataSource());
		administrator.sql("alter table pgmq.q_orders reset (autovacuum_vacuum_threshold)").update();
		administrator.sql("alter table pgmq.q_orders owner to current_user").update();
		administrator.sql("grant all on pgmq.q_orders to " + this.database.username()).update();
		try (ConfigurableApplicationContext context = run(NAME)) {
			context.getBean(MessagingService.class).sendMessage("orders", 1);
		}
		String cure = "select tasker_pgmq.set_autovacuum('orders', 0.01, 50, 2.0, false)";
		assertThat(output)
			.containsOnlyOnce("Autovacuum of queue \"orders\" cannot be set as tasker.messaging.queues[0].autovacuum")
			.contains("must be owner of table q_orders", cure);
		assertThat(administrator.sql(cure).query(String.class).list()).containsExactly("pgmq.q_orders");
	}

	@Test
	void somebodyWhoHoldsTheTableDoesNotHoldUpTheStart(CapturedOutput output) throws SQLException {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		try (Connection connection = this.database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("lock table pgmq.q_orders in share update exclusive mode");
			run(NAME).close();
		}
		assertThat(output).containsOnlyOnce("cannot be set").contains("lock timeout");
	}

	@Test
	void archivedMessagesGoWhenTheirTimeHasCome() {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		this.jdbc.sql("select pgmq.create('others')").query().singleRow();
		archive("orders", 2500, "2 hours");
		archive("others", 1, "2 hours");
		this.jdbc.sql("update pgmq.a_orders set archived_at = now() where msg_id <= 10").update();
		try (ConfigurableApplicationContext context = run(NAME, "tasker.messaging.queues[1]=others", RETENTION)) {
			await().until(() -> count("a_orders") == 10);
			ArchiveRetention retention = context.getBean(ArchiveRetention.class);
			await().until(() -> retention.deleted("orders") == 2490);
			assertThat(retention.queues()).containsExactly("orders");
		}
		assertThat(count("a_others")).as("kept for ever").isOne();
	}

	@Test
	void twoInstancesShareTheWork() {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		archive("orders", 20_000, "2 hours");
		try (ConfigurableApplicationContext one = run(NAME, RETENTION, OFTEN);
				ConfigurableApplicationContext other = run(NAME, RETENTION, OFTEN)) {
			await().until(() -> count("a_orders") == 0);
			archive("orders", 20_000, "2 hours");
			await().until(() -> count("a_orders") == 0);
			await().until(() -> one.getBean(ArchiveRetention.class).deleted("orders")
					+ other.getBean(ArchiveRetention.class).deleted("orders") == 40_000);
		}
	}

	@Test
	void withoutRetentionNobodyLooksAtArchives() {
		try (ConfigurableApplicationContext context = run(NAME, OFTEN)) {
			assertThat(context.getBean(MessagingService.class).providerName()).isEqualTo("pgmq");
			await().until(() -> !isAlive(WORKER));
			assertThat(isAlive("pgmq-queue-figures")).isTrue();
		}
		await().until(() -> !isAlive("pgmq-queue-figures"));
	}

	@Test
	void backgroundWorkRestsWhileTheBreakerIsOpen() {
		try (ConfigurableApplicationContext context = run(NAME, RETENTION, OFTEN,
				"tasker.messaging.metrics-interval=50ms", "tasker.circuit-breakers.pgmq.health-check-enabled=false")) {
			QueueMonitor monitor = context.getBean(QueueMonitor.class);
			await().until(() -> monitor.queues().isPresent());
			breaker(context).transitionToForcedOpenState();
			await().until(() -> monitor.queues().isEmpty() && monitor.oldestSnapshot().isEmpty());
			archive("orders", 1, "2 hours");
			await().during(Duration.ofMillis(500)).until(() -> count("a_orders") == 1);
			breaker(context).transitionToClosedState();
			await().until(() -> count("a_orders") == 0);
			await().until(() -> monitor.queues().isPresent());
		}
	}

	@Test
	void backgroundWorkTakesNoPlaceOfATrialCall() {
		try (ConfigurableApplicationContext context = run(NAME, RETENTION, OFTEN,
				"tasker.circuit-breakers.pgmq.health-check-enabled=false")) {
			CircuitBreaker breaker = breaker(context);
			breaker.transitionToForcedOpenState();
			breaker.transitionToHalfOpenState();
			archive("orders", 1, "2 hours");
			await().during(Duration.ofMillis(500)).until(() -> count("a_orders") == 1);
			assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
			assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isZero();
		}
	}

	@Test
	void cleaningThatIsCanceledLeavesTheBreakerAsItIs(CapturedOutput output) {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		// As by statement_timeout, which would have to be the same for the start.
		this.jdbc.sql("""
				create function public.slow() returns trigger language plpgsql as
				'begin raise exception using errcode = ''query_canceled''; end'""").update();
		this.jdbc.sql("create trigger slow before delete on pgmq.a_orders execute function public.slow()").update();
		archive("orders", 1, "2 hours");
		try (ConfigurableApplicationContext context = run(NAME, RETENTION, OFTEN,
				"logging.level.systems.tasker.autoconfigure.database=debug")) {
			await().until(() -> output.getOut().split("DEBUG .* archive-retention failed", -1).length > 7);
			assertThat(output).contains("SQLSTATE 57014");
			assertThat(breaker(context).getState()).isEqualTo(CircuitBreaker.State.CLOSED);
			assertThat(breaker(context).getMetrics().getNumberOfBufferedCalls()).isZero();
		}
	}

	@Test
	void figuresAreKnownBeforeListenersAreTold() {
		QueueMonitor monitor = new QueueMonitor(Duration.ofMinutes(1));
		List<Boolean> known = new ArrayList<>();
		monitor.addListener((queues) -> known.add(monitor.queues().isPresent()));
		monitor.work().once().accept(new PgmqQueues(this.database.dataSource(), DatabaseGuard.NONE));
		assertThat(known).containsExactly(true);
	}

	@Test
	void aListenerThatFailsHidesNoFiguresAndIsToldOnce(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(NAME, "tasker.messaging.metrics-interval=50ms")) {
			QueueMonitor monitor = context.getBean(QueueMonitor.class);
			await().until(() -> monitor.queues().isPresent());
			AtomicInteger failures = new AtomicInteger();
			monitor.addListener((queues) -> {
				failures.incrementAndGet();
				throw new NoClassDefFoundError("some/Gauge");
			});
			AtomicInteger told = new AtomicInteger();
			monitor.addListener((queues) -> told.incrementAndGet());
			await().until(() -> told.get() > 3 && failures.get() > 3);
			assertThat(monitor.queues()).isPresent();
			assertThat(output).containsOnlyOnce("A listener fails when it is told")
				.containsOnlyOnce("NoClassDefFoundError: some/Gauge")
				.doesNotContain("Background work queue-figures fails");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 4 })
	void aDatabaseThatGoesAwayIsWaitedForOnce(int connectionsMissing, CapturedOutput output) {
		DeclaredQueues declared = DeclaredQueues
			.of(List.of(QueueProperties.of("orders"), QueueProperties.of("payments"), QueueProperties.of("refunds")));
		new QueueCreation(declared, this.database.dataSource()).create();
		AtomicInteger connections = new AtomicInteger();
		new QueueCreation(declared, counted(connections, Integer.MAX_VALUE)).create();
		int needed = connections.getAndSet(0);
		int available = needed - connectionsMissing;
		new QueueCreation(declared, counted(connections, available)).create();
		assertThat(connections).hasValue(available + 1);
		assertThat(output).containsOnlyOnce("has become unavailable before autovacuum of all declared queues was set")
			.contains("no more connections")
			.doesNotContain("Have the owner")
			.doesNotContain("It is not known");
	}

	@Test
	void figuresLeaveTheBreakerAsItIs() {
		try (ConfigurableApplicationContext context = run(NAME, "tasker.messaging.metrics-interval=10ms")) {
			await().until(() -> context.getBean(QueueMonitor.class).queues().isPresent());
			assertThat(breaker(context).getMetrics().getNumberOfBufferedCalls()).isZero();
		}
	}

	@Test
	void aFailureIsToldOnceAndWhenItIsOver(CapturedOutput output) {
		String signature = "tasker_pgmq.delete_archived(text, interval, integer)";
		try (ConfigurableApplicationContext context = run(NAME, RETENTION, OFTEN,
				"logging.level.systems.tasker.autoconfigure.database=debug")) {
			assertThat(context.isRunning()).isTrue();
			this.jdbc.sql("alter function " + signature + " rename to missing").update();
			await().until(() -> output.getOut().split("DEBUG .* archive-retention failed", -1).length > 3);
			assertThat(output).containsOnlyOnce("Background work archive-retention fails");
			this.jdbc.sql("alter function tasker_pgmq.missing(text, interval, integer) rename to delete_archived")
				.update();
			await().until(() -> output.getOut().contains("Background work archive-retention succeeds again"));
		}
	}

	@Test
	void oneArchiveThatCannotBeCleanedKeepsNoOtherFromIt() {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		this.jdbc.sql("select pgmq.create('others')").query().singleRow();
		archive("others", 1, "2 hours");
		try (ConfigurableApplicationContext context = run(NAME, RETENTION, OFTEN,
				"tasker.messaging.queues[1].name=others", "tasker.messaging.queues[1].archive-retention=1h")) {
			assertThat(context.isRunning()).isTrue();
			await().until(() -> count("a_others") == 0);
			this.jdbc.sql("alter table pgmq.a_orders rename to elsewhere").update();
			archive("others", 1, "2 hours");
			await().until(() -> count("a_others") == 0);
		}
	}

	@Test
	void closingEndsAStatementThatHangs(CapturedOutput output) throws SQLException {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		this.jdbc.sql("""
				create function public.stall() returns trigger language plpgsql as
				'begin perform pg_sleep(60); return old; end'""").update();
		this.jdbc.sql("create trigger stall before delete on pgmq.a_orders execute function public.stall()").update();
		archive("orders", 1, "2 hours");
		ConfigurableApplicationContext context = run(NAME, RETENTION);
		await().until(() -> this.jdbc
			.sql("select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
			.query(Integer.class)
			.single() == 1);
		long start = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		await().until(() -> !isAlive(WORKER));
		assertThat(output).doesNotContain("archive-retention fails");
		assertThat(count("a_orders")).isOne();
	}

	@Test
	void backgroundWorkGoesOnAfterAStopAndAStart() {
		try (ConfigurableApplicationContext context = run(NAME, RETENTION, OFTEN)) {
			context.stop();
			await().until(() -> !isAlive(WORKER));
			archive("orders", 1, "2 hours");
			context.start();
			await().until(() -> count("a_orders") == 0);
		}
	}

	@Test
	void nothingIsDoneWhileTheStartIsDeferred(CapturedOutput output) {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		archive("orders", 1, "2 hours");
		this.jdbc.sql("update tasker_pgmq.tasker_pgmq_schema_history set checksum = checksum + 1 where version = '1'")
			.update();
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + tasker.url(),
						"PGMQ_DATABASE_URL=" + this.database.url(), "tasker.pgmq-database.migration-on-failure=defer",
						NAME, RETENTION, OFTEN, "tasker.messaging.metrics-interval=50ms")) {
			await().during(Duration.ofMillis(500)).until(() -> count("a_orders") == 1);
			assertThat(context.getBean(QueueMonitor.class).queues()).isEmpty();
			assertThat(output).doesNotContain("Background work");
			this.jdbc
				.sql("update tasker_pgmq.tasker_pgmq_schema_history set checksum = checksum - 1 where version = '1'")
				.update();
			await().atMost(Duration.ofSeconds(40)).until(() -> count("a_orders") == 0);
			await().until(() -> context.getBean(QueueMonitor.class).queues().isPresent());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "maintenance-interval=0", "maintenance-interval=-1s", "metrics-interval=0" })
	void intervalsMustBeMoreThanZero(String property) {
		assertThatException().isThrownBy(() -> run("tasker.messaging." + property).close())
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationPropertyValueException.class)
			.withMessageContainingAll("tasker.messaging." + property.substring(0, property.indexOf('=')),
					"must be from 1ms");
	}

	@Test
	void aKeyThatDeclaresNothingFailsTheStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(NAME, "tasker.messaging.queues[0].archive-retenton=1h").close());
		assertThat(output).contains("APPLICATION FAILED TO START", "'tasker.messaging.queues[0].archive-retenton'",
				"declares nothing");
	}

	@Test
	void aQueueDeclaredTwiceFailsTheStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("tasker.messaging.queues=orders,orders").close());
		assertThat(output).contains("APPLICATION FAILED TO START", "tasker.messaging.queues[1].name",
				"declares queue \"orders\" a second time");
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.database.url());
		return TestApplication.run(all.toArray(String[]::new));
	}

	private DataSource counted(AtomicInteger connections, int available) {
		return new DelegatingDataSource(this.database.dataSource()) {
			@Override
			public Connection getConnection() throws SQLException {
				if (connections.incrementAndGet() > available) {
					throw new SQLTransientConnectionException("no more connections");
				}
				return super.getConnection();
			}
		};
	}

	private static CircuitBreaker breaker(ConfigurableApplicationContext context) {
		return context.getBean(CircuitBreakerRegistry.class).circuitBreaker("pgmq");
	}

	private void archive(String queue, int count, String age) {
		this.jdbc.sql("""
				insert into pgmq.a_%s (msg_id, vt, archived_at, message)
				select id, now(), now() - interval '%s', '{}' from generate_series(1, ?) as id
				""".formatted(queue, age)).param(count).update();
	}

	private long count(String table) {
		return this.jdbc.sql("select count(*) from pgmq." + table).query(Long.class).single();
	}

	private String catalog(String table, String column) {
		return this.jdbc.sql("select %s from pg_class where oid = ('pgmq.' || ?)::regclass".formatted(column))
			.param(table)
			.query((row, index) -> row.getString(1))
			.list()
			.get(0);
	}

	private static boolean isAlive(String thread) {
		return Thread.getAllStackTraces().keySet().stream().anyMatch((candidate) -> candidate.getName().equals(thread));
	}

}
