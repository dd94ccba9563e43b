/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.ArchiveRetention;
import systems.tasker.autoconfigure.messaging.QueueMonitor;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.autoconfigure.messaging.TaskerQueueMaintenanceAutoConfiguration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the gauges of queues in whole applications.
 */
@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class QueueMetricsIntegrationTests {

	@AutoClose
	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private final JdbcClient jdbc = JdbcClient.create(this.database.dataSource());

	@Test
	void gaugesShowHowQueuesAre() {
		try (ConfigurableApplicationContext context = run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendBatch("orders", List.of(1, 2, 3));
			messaging.receiveMessages("orders", Integer.class, 1, Duration.ofHours(1));
			this.jdbc.sql("update pgmq.q_orders set vt = vt - interval '1 hour' where msg_id = 2").update();
			await().until(() -> gauge(context, "tasker.queue.depth", "orders") == 3);
			await().until(() -> gauge(context, "tasker.queue.visible", "orders") == 2);
			await().until(() -> gauge(context, "tasker.queue.oldest.age", "orders") > 3600);
			assertThat(gauge(context, "tasker.queue.oldest.age", "orders")).isLessThan(3660);
			await().until(() -> gauge(context, "tasker.queue.dead.tuples", "orders") > 0);
			assertThat(gauge(context, "tasker.queue.depth", "others")).isZero();
			assertThat(gauge(context, "tasker.queue.oldest.age", "others")).isZero();
		}
	}

	@Test
	void whatIsNotKnownIsNotANumber() {
		try (ConfigurableApplicationContext context = run()) {
			await().until(() -> gauge(context, "tasker.queue.depth", "orders") == 0);
			this.jdbc.sql("alter table pgmq.q_orders rename to elsewhere").update();
			await().until(() -> Double.isNaN(gauge(context, "tasker.queue.depth", "orders")));
			await().until(() -> Double.isNaN(gauge(context, "tasker.queue.oldest.age", "orders")));
			assertThat(gauge(context, "tasker.queue.dead.tuples", "orders")).isNaN();
			assertThat(gauge(context, "tasker.queue.depth", "others")).as("hides no other").isZero();
		}
	}

	@Test
	void figuresThatCannotBeReadAreForgottenAndToldOnce(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run()) {
			await().until(() -> gauge(context, "tasker.queue.depth", "orders") == 0);
			this.jdbc.sql("alter function tasker_pgmq.queue_health(bigint) rename to missing").update();
			await().until(() -> Double.isNaN(gauge(context, "tasker.queue.depth", "orders")));
			await().until(() -> Double.isNaN(snapshotAge(context)) && Double.isNaN(snapshotTransactions(context)));
			await().during(Duration.ofMillis(500)).until(() -> Double.isNaN(snapshotAge(context)));
			assertThat(output).containsOnlyOnce("Background work queue-figures fails");
			this.jdbc.sql("alter function tasker_pgmq.missing(bigint) rename to queue_health").update();
			await().until(() -> gauge(context, "tasker.queue.depth", "orders") == 0);
		}
	}

	@Test
	void queuesComeAndGo() {
		try (ConfigurableApplicationContext context = run()) {
			this.jdbc.sql("select pgmq.create('new_one')").query().singleRow();
			await().until(() -> gauge(context, "tasker.queue.depth", "new_one") == 0);
			this.jdbc.sql("select pgmq.drop_queue('new_one')").query().singleRow();
			await().until(() -> registry(context).find("tasker.queue.depth").tag("queue", "new_one").gauge() == null);
			assertThat(gauge(context, "tasker.queue.depth", "orders")).isZero();
		}
	}

	@Test
	void ageOfAHeldSnapshotIsShown() throws SQLException {
		try (ConfigurableApplicationContext context = run();
				Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			statement.execute("select 1");
			context.getBean(MessagingService.class).sendMessage("orders", 1);
			await().until(() -> snapshotAge(context) > 1);
			assertThat(snapshotTransactions(context)).isPositive();
		}
	}

	@Test
	void deletedMessagesAreCounted() {
		this.jdbc.sql("select pgmq.create('orders')").query().singleRow();
		this.jdbc.sql("""
				insert into pgmq.a_orders (msg_id, vt, archived_at, message)
				select id, now(), now() - interval '2 hours', '{}' from generate_series(1, 7) as id""").update();
		try (ConfigurableApplicationContext context = run("tasker.messaging.queues[0].name=orders",
				"tasker.messaging.queues[0].archive-retention=1h")) {
			await().until(() -> registry(context).get("tasker.queue.archive.deleted")
				.tag("queue", "orders")
				.functionCounter()
				.count() == 7);
			assertThat(registry(context).find("tasker.queue.archive.deleted").meters()).hasSize(1);
		}
	}

	@Test
	void queuesBeyondTheLimitShareATag(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("tasker.messaging.queues=a,b,c")) {
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			new QueueGauges(context.getBean(QueueMonitor.class), context.getBean(ArchiveRetention.class),
					new QueueLimit("Gauges", 1))
				.bindTo(registry);
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendBatch("a", List.of(1));
			messaging.sendBatch("b", List.of(1, 2));
			messaging.sendBatch("c", List.of(1, 2, 3));
			this.jdbc.sql("update pgmq.q_b set vt = now() - interval '1 hour'").update();
			await().until(() -> value(registry, "tasker.queue.depth", "a") == 1);
			await().until(() -> value(registry, "tasker.queue.depth", "other") == 5);
			await().until(() -> value(registry, "tasker.queue.oldest.age", "other") > 3600);
			assertThat(value(registry, "tasker.queue.oldest.age", "a")).isLessThan(3600);
			assertThat(registry.find("tasker.queue.depth").gauges()).hasSize(2);
			this.jdbc.sql("alter table pgmq.q_c rename to elsewhere").update();
			await().until(() -> Double.isNaN(value(registry, "tasker.queue.depth", "other")));
			assertThat(output).containsOnlyOnce("Gauges tell 1 queues apart");
		}
	}

	@Test
	void aQueueThatIsGoneMakesRoomForAnother(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("tasker.messaging.queues=a,b,c")) {
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			new QueueGauges(context.getBean(QueueMonitor.class), context.getBean(ArchiveRetention.class),
					new QueueLimit("Gauges", 1))
				.bindTo(registry);
			await().until(() -> value(registry, "tasker.queue.depth", "a") == 0);
			assertThat(value(registry, "tasker.queue.depth", "b")).isNegative();
			this.jdbc.sql("select pgmq.drop_queue('a')").query().singleRow();
			await().until(() -> value(registry, "tasker.queue.depth", "b") == 0);
			await().until(() -> value(registry, "tasker.queue.depth", "a") < 0);
			assertThat(value(registry, "tasker.queue.depth", "other")).isZero();
			assertThat(output).containsOnlyOnce("Gauges tell 1 queues apart");
		}
	}

	@Test
	void withoutMicrometerFiguresAreReadAllTheSame() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class,
					DataSourceAutoConfiguration.class, TaskerDatabaseAutoConfiguration.class,
					TaskerMigrationAutoConfiguration.class, TaskerMessagingAutoConfiguration.class,
					TaskerQueueMaintenanceAutoConfiguration.class, TaskerMetricsAutoConfiguration.class))
			.withClassLoader(
					new FilteredClassLoader("io.micrometer.core", "io.micrometer.tracing", "io.github.resilience4j"))
			.withPropertyValues("tasker.database.url=" + this.database.url(), "tasker.messaging.queues=orders")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(QueueMonitor.class);
				await().until(() -> context.getBean(QueueMonitor.class).queues().isPresent());
			});
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.database.url());
		all.add("tasker.messaging.metrics-interval=100ms");
		if (properties.length == 0) {
			all.add("tasker.messaging.queues=orders,others");
		}
		return TestApplication.run(all.toArray(String[]::new));
	}

	private static MeterRegistry registry(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class);
	}

	private static double snapshotAge(ConfigurableApplicationContext context) {
		return registry(context).get("tasker.database.oldest.snapshot.age").gauge().value();
	}

	private static double snapshotTransactions(ConfigurableApplicationContext context) {
		return registry(context).get("tasker.database.oldest.snapshot.transactions").gauge().value();
	}

	private static double gauge(ConfigurableApplicationContext context, String name, String queue) {
		return value(registry(context), name, queue);
	}

	// Negative when there is none: that is neither a figure nor unknown.
	private static double value(MeterRegistry registry, String name, String queue) {
		Gauge gauge = registry.find(name).tag("queue", queue).gauge();
		return (gauge != null) ? gauge.value() : -1;
	}

}
