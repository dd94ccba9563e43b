/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.messaging.QueueMonitor;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that {@code docs/operations/metrics.md} lists the meters there are, with their
 * tags. A row begins with the name of the meter, its tags are in the second column.
 */
class MetricsDocumentationIntegrationTests {

	private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9.]+)` \\| ([^|]*) \\|", Pattern.MULTILINE);

	private static final Pattern CODE = Pattern.compile("`([a-z]+)`");

	@Test
	void metersAreThoseThatAreDocumented() throws IOException {
		Map<String, Set<String>> documented = documented();
		assertThat(documented).isNotEmpty();
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				TestDatabase pgmq = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + tasker.url(),
						"PGMQ_DATABASE_URL=" + pgmq.url(), "tasker.messaging.queues[0].name=orders",
						"tasker.messaging.queues[0].archive-retention=1d", "tasker.dlq-sweeper.enabled=true")) {
			useMessages(context);
			await().until(() -> context.getBean(QueueMonitor.class).queues().isPresent());
			Map<String, Set<String>> existing = existing(context.getBean(MeterRegistry.class));
			assertThat(existing).containsAllEntriesOf(documented);
			assertThat(existing.keySet().stream().filter((name) -> name.startsWith("tasker.")))
				.allSatisfy((name) -> assertThat(documented).containsKey(name));
		}
	}

	private static void useMessages(ConfigurableApplicationContext context) {
		MessagingService messaging = context.getBean(MessagingService.class);
		MessageObservations observations = context.getBean(MessageObservations.class);
		for (int i = 0; i < 3; i++) {
			messaging.sendMessage("orders", i);
		}
		Collection<QueuedMessage<Integer>> messages = messaging.receiveMessages("orders", Integer.class, 3,
				Duration.ofMinutes(1));
		for (QueuedMessage<Integer> message : messages) {
			switch (observations.<Integer, RuntimeException>process(message, message::payload)) {
				case 0 -> messaging.ackMessage("orders", message.handle());
				case 1 -> messaging.nackMessage("orders", message.handle(), true);
				default -> messaging.nackMessage("orders", message.handle(), false);
			}
		}
		assertThatExceptionOfType(MessagingException.class).isThrownBy(() -> messaging.sendMessage("missing", 1));
	}

	private static Map<String, Set<String>> existing(MeterRegistry registry) {
		Map<String, Set<String>> meters = new LinkedHashMap<>();
		for (Meter meter : registry.getMeters()) {
			meters.put(meter.getId().getName(),
					meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new)));
		}
		return meters;
	}

	private static Map<String, Set<String>> documented() throws IOException {
		Map<String, Set<String>> meters = new LinkedHashMap<>();
		Matcher rows = ROW.matcher(Files.readString(Path.of("..", "docs", "operations", "metrics.md")));
		while (rows.find()) {
			meters.put(rows.group(1),
					CODE.matcher(rows.group(2))
						.results()
						.map((MatchResult result) -> result.group(1))
						.collect(Collectors.toCollection(TreeSet::new)));
		}
		return meters;
	}

}
