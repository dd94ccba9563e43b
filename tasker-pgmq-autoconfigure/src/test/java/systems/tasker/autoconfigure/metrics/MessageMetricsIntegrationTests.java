/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageTooLargeException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.messaging.pgmq.PgmqMessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the meters of messages in whole applications.
 */
@Tag("any-postgres")
class MessageMetricsIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final TestDatabase tasker = TaskerPostgres.shared().createDatabase();

	private final TestDatabase pgmq = TaskerPostgres.shared().createDatabase();

	@AfterEach
	void dropDatabases() {
		this.tasker.close();
		this.pgmq.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void messagesAreCountedOnceInEachMode(boolean split) {
		try (ConfigurableApplicationContext context = split ? run("PGMQ_DATABASE_URL=" + this.pgmq.url()) : run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", "a");
			messaging.sendBatch("orders", List.of("b", "c", "d", "e"));
			List<QueuedMessage<String>> messages = messaging.receiveMessages("orders", String.class, 10, MINUTE);
			assertThat(messaging.receiveMessages("orders", String.class, 10, MINUTE)).isEmpty();
			messaging.ackMessage("orders", messages.get(0).handle());
			messaging.nackMessage("orders", messages.get(1).handle(), Duration.ofHours(1));
			messaging.nackMessage("orders", messages.get(2).handle(), true);
			messaging.nackMessage("orders", messages.get(2).handle(), false);
			messaging.extendVisibility("orders", messages.get(3).handle(), MINUTE);
			ReceiptHandle settled = messages.get(0).handle();
			assertThat(messaging.extendVisibility("orders", List.of(settled, messages.get(3).handle()), MINUTE))
				.containsExactly(settled);
			assertThat(messaging.ackMessages("orders",
					List.of(settled, messages.get(3).handle(), messages.get(4).handle(), messages.get(4).handle())))
				.containsExactly(settled);
			assertThat(count(context, "sent", "orders")).isEqualTo(5);
			assertThat(count(context, "received", "orders")).isEqualTo(5);
			assertThat(count(context, "acked", "orders")).isEqualTo(3);
			assertThat(count(context, "nacked", "orders")).isEqualTo(2);
			assertThat(count(context, "archived", "orders")).isOne();
			assertThat(registry(context).get("tasker.messages.settle").tag("operation", "extend").timer().count())
				.isEqualTo(2);
			assertThat(meters(context, "tasker.messages.failed")).isEmpty();
		}
	}

	@Test
	void messagesOfFailedCallsAreCounted() {
		try (ConfigurableApplicationContext context = run("tasker.messaging.max-message-size=10B")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			assertThatExceptionOfType(MessageTooLargeException.class)
				.isThrownBy(() -> messaging.sendBatch("orders", List.of("a", "b", "this is too large")));
			assertThatExceptionOfType(MessageNotFoundException.class)
				.isThrownBy(() -> messaging.ackMessage("orders", new ReceiptHandle("1")));
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> messaging.receiveMessages("orders", String.class, 0, MINUTE));
			assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> messaging
				.extendVisibility("orders", List.of(new ReceiptHandle("1"), new ReceiptHandle("2")), MINUTE.negated()));
			assertThat(count(context, "failed", "orders")).isEqualTo(7);
			assertThat(meters(context, "tasker.messages.sent")).isEmpty();
		}
	}

	@Test
	void timersComeFromTheObservations() {
		try (ConfigurableApplicationContext context = run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", "a");
			QueuedMessage<String> message = messaging.receiveMessages("orders", String.class, 1, MINUTE).get(0);
			context.getBean(MessageObservations.class).process(message, message::payload);
			messaging.ackMessage("orders", message.handle());
			for (String name : List.of("send", "receive", "process", "settle")) {
				Timer timer = registry(context).get("tasker.messages." + name)
					.tags("queue", "orders", "provider", "pgmq", "error", "none")
					.timer();
				assertThat(timer.count()).as(name).isOne();
				assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).as(name).isPositive();
			}
			assertThat(registry(context).get("tasker.messages.settle").tag("operation", "ack").timer().count()).isOne();
		}
	}

	@Test
	void waitGoesFromSendingToTheHandlerAndIsNeverNegative() {
		try (ConfigurableApplicationContext context = run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", "long ago");
			messaging.sendMessage("orders", "in the future of this machine");
			context.getBean(JdbcClient.class)
				.sql("update pgmq.q_orders set enqueued_at = now() + case msg_id when 1 then -interval '1h' else '1h' end")
				.update();
			MessageObservations observations = context.getBean(MessageObservations.class);
			for (QueuedMessage<String> message : messaging.receiveMessages("orders", String.class, 2, MINUTE)) {
				observations.process(message, message::payload);
			}
			Timer wait = registry(context).get("tasker.messages.wait").timer();
			assertThat(wait.count()).isEqualTo(2);
			assertThat(wait.totalTime(TimeUnit.MINUTES)).isBetween(60.0, 70.0);
			assertThat(wait.getId().getTags())
				.containsExactlyInAnyOrderElementsOf(Tags.of("queue", "orders", "provider", "pgmq"));
		}
	}

	@Test
	void failedHandlersShowAsErrorOfTheProcessTimerOnly() {
		try (ConfigurableApplicationContext context = run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", "a");
			QueuedMessage<String> message = messaging.receiveMessages("orders", String.class, 1, MINUTE).get(0);
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> context.getBean(MessageObservations.class).process(message, () -> {
					throw new IllegalStateException();
				}));
			assertThat(registry(context).get("tasker.messages.process")
				.tags("queue", "orders", "error", "IllegalStateException")
				.timer()
				.count()).isOne();
			assertThat(meters(context, "tasker.messages.failed")).isEmpty();
		}
	}

	@Test
	void wrongQueueNamesDoNotBecomeTags() {
		try (ConfigurableApplicationContext context = run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", "a");
			long before = metersOfMessages(context);
			for (int i = 0; i < 1000; i++) {
				String missing = "missing_" + i;
				assertThatExceptionOfType(QueueNotFoundException.class)
					.isThrownBy(() -> messaging.sendMessage(missing, "x"));
				String invalid = "Invalid!" + i;
				assertThatExceptionOfType(InvalidQueueNameException.class)
					.isThrownBy(() -> messaging.sendMessage(invalid, "x"));
			}
			assertThat(count(context, "failed", "unknown")).isEqualTo(2000);
			// One counter, and a timer for each of the two errors.
			assertThat(metersOfMessages(context)).isEqualTo(before + 3);
		}
	}

	@Test
	void queuesBeyondTheLimitAreCountedTogether() {
		try (ConfigurableApplicationContext context = run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			// To give back what nobody has is about no message, and needs no queue.
			for (int i = 0; i < 3000; i++) {
				messaging.nackMessage("customer_" + i, new ReceiptHandle("1"), true);
			}
			assertThat(meters(context, "tasker.messages.nacked")).hasSize(501);
			assertThat(meters(context, "tasker.messages.settle")).hasSize(501);
			assertThat(count(context, "nacked", "other")).isEqualTo(2500);
			assertThat(count(context, "nacked", "customer_499")).isOne();
		}
	}

	@Test
	void commonTagsApply() {
		try (ConfigurableApplicationContext context = run("management.metrics.tags.region=north")) {
			context.getBean(MessagingService.class).sendMessage("orders", "a");
			for (String name : List.of("tasker.messages.sent", "tasker.messages.send",
					"tasker.database.acquire.slow")) {
				assertThat(meters(context, name)).singleElement()
					.satisfies((meter) -> assertThat(meter.getId().getTag("region")).isEqualTo("north"));
			}
		}
	}

	@Test
	void receivingCanBeLeftUnobserved() {
		try (ConfigurableApplicationContext context = run(
				"management.observations.enable.tasker.messages.receive=false")) {
			sendAndReceive(context);
			assertThat(count(context, "sent", "orders")).isOne();
			assertThat(meters(context, "tasker.messages.receive")).isEmpty();
			assertThat(meters(context, "tasker.messages.received")).isEmpty();
		}
	}

	@Test
	void messagesCanBeLeftUnobserved() {
		try (ConfigurableApplicationContext context = run("management.observations.enable.tasker.messages=false")) {
			sendAndReceive(context);
			assertThat(metersOfMessages(context)).isZero();
			assertThat(headers(context)).containsOnlyNulls();
		}
	}

	@Test
	void messagesCanBeLeftUnmeasured() {
		try (ConfigurableApplicationContext context = run("management.metrics.enable.tasker.messages=false",
				"management.metrics.enable.tasker.database=false")) {
			sendAndReceive(context);
			assertThat(metersOfMessages(context)).isZero();
			assertThat(meters(context, "tasker.database.acquire.slow")).isEmpty();
			assertThat(meters(context, "hikaricp.connections")).isNotEmpty();
			assertThat(headers(context)).as("traced all the same").doesNotContainNull();
		}
	}

	@Test
	void timersOfWhatRunsRightNowCanBeLeftOut() {
		try (ConfigurableApplicationContext context = run(
				"management.metrics.observations.ignored-meters=long-task-timer")) {
			sendAndReceive(context);
			assertThat(meters(context, "tasker.messages.send")).isNotEmpty();
			assertThat(meters(context, "tasker.messages.send.active")).isEmpty();
		}
	}

	@Test
	void tracesCanBeLeftOutOfHeaders() {
		try (ConfigurableApplicationContext context = run("management.tracing.propagation.produce=")) {
			sendAndReceive(context);
			assertThat(headers(context)).containsOnlyNulls().hasSize(1);
		}
	}

	@Test
	void withoutMicrometerMessagesTravel() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class, DataSourceAutoConfiguration.class,
							TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class,
							TaskerMessagingAutoConfiguration.class, TaskerMetricsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.micrometer.core", "io.micrometer.tracing"))
			.withPropertyValues("tasker.database.url=" + this.tasker.url(), "tasker.messaging.queues=orders")
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean(TaskerMetricsAutoConfiguration.class)
					.hasSingleBean(MessageObservations.class)
					.hasSingleBean(MessagingService.class)
					.hasSingleBean(PgmqMessagingService.class);
				MessagingService messaging = context.getBean(MessagingService.class);
				messaging.sendMessage("orders", "a");
				QueuedMessage<String> message = messaging.receiveMessages("orders", String.class, 1, MINUTE).get(0);
				assertThat(context.getBean(MessageObservations.class)
					.<String, RuntimeException>process(message, message::payload)).isEqualTo("a");
				assertThat(message.headers()).isEmpty();
			});
	}

	@Test
	void withoutRegistryThereAreNoMetersAndMessagesTravel() {
		try (ConfigurableApplicationContext context = run(
				"spring.autoconfigure.exclude=org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration,"
						+ "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration,"
						+ "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration,"
						+ "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")) {
			assertThat(context.getBeanNamesForType(MeterRegistry.class)).isEmpty();
			context.getBean(MessagingService.class).sendMessage("orders", "a");
			assertThat(headers(context)).hasSize(1);
		}
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.tasker.url());
		all.add("tasker.messaging.queues=orders");
		return TestApplication.run(all.toArray(String[]::new));
	}

	private static void sendAndReceive(ConfigurableApplicationContext context) {
		MessagingService messaging = context.getBean(MessagingService.class);
		messaging.sendMessage("orders", "a");
		assertThat(messaging.receiveMessages("orders", String.class, 1, MINUTE)).hasSize(1);
	}

	private static List<Object> headers(ConfigurableApplicationContext context) {
		List<Map<String, Object>> rows = context.getBean(JdbcClient.class)
			.sql("select headers::text from pgmq.q_orders")
			.query()
			.listOfRows();
		return rows.stream().map((row) -> row.get("headers")).toList();
	}

	private static MeterRegistry registry(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class);
	}

	private static List<Meter> meters(ConfigurableApplicationContext context, String name) {
		return List.copyOf(registry(context).find(name).meters());
	}

	private static long metersOfMessages(ConfigurableApplicationContext context) {
		return registry(context).getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("tasker.messages."))
			.count();
	}

	private static double count(ConfigurableApplicationContext context, String name, String queue) {
		Counter counter = registry(context).get("tasker.messages." + name).tag("queue", queue).counter();
		assertThat(counter.getId().getTags())
			.containsExactlyInAnyOrderElementsOf(Tags.of("queue", queue, "provider", "pgmq"));
		return counter.count();
	}

}
