/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageTooLargeException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Messages in memory are measured and traced as those of PGMQ are.
 */
@Tag("any-postgres")
class InMemoryMetricsIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private final TestDatabase tasker = TaskerPostgres.shared().createDatabase();

	@Test
	void metersAreThoseOfPgmqButForTheProvider() {
		try (ConfigurableApplicationContext pgmq = run("pgmq");
				ConfigurableApplicationContext inMemory = run("in-memory")) {
			useEveryCall(pgmq);
			useEveryCall(inMemory);
			assertThat(meters(inMemory, "in_memory")).isNotEmpty().isEqualTo(meters(pgmq, "pgmq"));
			assertThat(meters(inMemory, "pgmq")).isEmpty();
		}
	}

	@Test
	void messagesAreCounted() {
		try (ConfigurableApplicationContext context = run("in-memory")) {
			useEveryCall(context);
			assertThat(count(context, "sent", "orders")).isEqualTo(6);
			assertThat(count(context, "received", "orders")).isEqualTo(6);
			assertThat(count(context, "acked", "orders")).isEqualTo(3);
			assertThat(count(context, "nacked", "orders")).isEqualTo(2);
			assertThat(count(context, "archived", "orders")).isOne();
			assertThat(count(context, "failed", "orders")).isEqualTo(6);
			assertThat(count(context, "failed", "unknown")).isEqualTo(2);
		}
	}

	@Test
	void traceTravelsWithTheMessage() {
		try (ConfigurableApplicationContext context = run("in-memory")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", "a");
			assertThat(messaging.receiveMessages("orders", String.class, 1, MINUTE)).singleElement()
				.satisfies((message) -> assertThat(message.headers()).containsKey("traceparent"));
		}
	}

	private static void useEveryCall(ConfigurableApplicationContext context) {
		MessagingService messaging = context.getBean(MessagingService.class);
		messaging.sendBatch("orders", List.of("a", "b", "c", "d", "e"));
		List<QueuedMessage<String>> messages = messaging.receiveMessages("orders", String.class, 10, MINUTE);
		assertThat(messaging.receiveMessages("orders", String.class, 10, MINUTE)).isEmpty();
		assertThat(messaging.receiveMessage("orders", String.class, messaging.sendMessage("orders", "f"), MINUTE))
			.isPresent();
		assertThat(messaging.receiveMessage("orders", String.class, messages.get(0).id(), MINUTE)).isEmpty();
		context.getBean(MessageObservations.class).process(messages.get(0), messages.get(0)::payload);
		messaging.ackMessage("orders", messages.get(0).handle());
		messaging.nackMessage("orders", messages.get(1).handle(), MINUTE);
		messaging.nackMessage("orders", messages.get(2).handle(), true);
		messaging.nackMessage("orders", messages.get(2).handle(), false);
		messaging.extendVisibility("orders", messages.get(3).handle(), MINUTE);
		assertThat(messaging.ackMessages("orders", messages.stream().map(QueuedMessage::handle).skip(2).toList()))
			.containsExactly(messages.get(2).handle());
		fail(messaging, messages.get(0));
	}

	private static void fail(MessagingService messaging, QueuedMessage<String> settled) {
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> messaging.sendBatch("orders", List.of("a", "this is too large")));
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> messaging.ackMessage("orders", settled.handle()));
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> messaging.nackMessage("orders", settled.handle(), false));
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> messaging.extendVisibility("orders", settled.handle(), MINUTE));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> messaging.receiveMessages("orders", String.class, 0, MINUTE));
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> messaging.sendMessage("not_there", "a"));
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> messaging.sendMessage("Bad", "a"));
	}

	private ConfigurableApplicationContext run(String provider) {
		return TestApplication.run("DATABASE_URL=" + this.tasker.url(), "tasker.messaging.provider=" + provider,
				"tasker.messaging.queues=orders", "tasker.messaging.max-message-size=10B");
	}

	/**
	 * Return how often everything was counted or timed.
	 */
	private static Map<String, Double> meters(ConfigurableApplicationContext context, String provider) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("tasker.messages."))
			.filter((meter) -> provider.equals(meter.getId().getTag("provider")))
			.collect(Collectors.toMap((meter) -> meter.getId().getName()
					+ meter.getId().getTags().stream().filter((tag) -> !tag.getKey().equals("provider")).toList(),
					InMemoryMetricsIntegrationTests::count, Double::sum, TreeMap::new));
	}

	private static double count(Meter meter) {
		return StreamSupport.stream(meter.measure().spliterator(), false)
			.filter((measurement) -> measurement.getStatistic() == Statistic.COUNT)
			.mapToDouble(Measurement::getValue)
			.sum();
	}

	private static double count(ConfigurableApplicationContext context, String name, String queue) {
		return context.getBean(MeterRegistry.class)
			.get("tasker.messages." + name)
			.tags("queue", queue, "provider", "in_memory")
			.counter()
			.count();
	}

}
