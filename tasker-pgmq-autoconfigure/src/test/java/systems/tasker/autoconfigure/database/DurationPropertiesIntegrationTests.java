/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.messaging.QueueMonitor;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for durations that are too long: the start names the property, and nothing else
 * fails later.
 */
@Tag("any-postgres")
class DurationPropertiesIntegrationTests {

	private static final List<String> LONGEST = List.of("tasker.database.pool.acquire-timeout=20d",
			"tasker.database.pool.idle-timeout=20000d", "tasker.database.pool.max-lifetime=20000d",
			"tasker.database.pool.slow-acquire-threshold=20000d", "tasker.pgmq-database.pool.acquire-timeout=20d",
			"tasker.pgmq-database.pool.idle-timeout=20000d", "tasker.pgmq-database.pool.max-lifetime=20000d",
			"tasker.pgmq-database.pool.slow-acquire-threshold=20000d", "tasker.circuit-breakers.tasker.timeout=20000d",
			"tasker.circuit-breakers.tasker.health-check-interval=20000d",
			"tasker.circuit-breakers.pgmq.timeout=20000d", "tasker.circuit-breakers.pgmq.health-check-interval=20000d",
			"tasker.dlq-sweeper.interval=20000d", "tasker.messaging.maintenance-interval=20000d",
			"tasker.messaging.metrics-interval=20000d", "tasker.messaging.queues[0].archive-retention=20000d",
			"tasker.messaging.pgmq.notify-interval=1h");

	@AutoClose
	private final TestDatabase tasker = TaskerPostgres.shared().createDatabase();

	@AutoClose
	private final TestDatabase queues = TaskerPostgres.shared().createDatabase();

	@Test
	void theLongestWork() {
		try (ConfigurableApplicationContext context = run(LONGEST)) {
			context.getBean(MessagingService.class).sendMessage("orders", 1);
			await().untilAsserted(() -> assertThat(context.getBean(QueueMonitor.class).queues()).isPresent());
		}
	}

	@ParameterizedTest
	@FieldSource("LONGEST")
	void longerOnesAreRefusedByName(String longest) {
		String property = longest.substring(0, longest.indexOf('='));
		assertThatException().isThrownBy(() -> run(List.of(property + "=20001d")).close())
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationPropertyValueException.class)
			.withMessageContainingAll(property, Duration.ofDays(20_001).toString(), "must be from");
	}

	private ConfigurableApplicationContext run(List<String> properties) {
		List<String> all = new ArrayList<>(properties);
		all.add("DATABASE_URL=" + this.tasker.url());
		all.add("PGMQ_DATABASE_URL=" + this.queues.url());
		all.add("tasker.messaging.queues[0].name=orders");
		all.add("tasker.dlq-sweeper.enabled=true");
		return TestApplication.run(all.toArray(String[]::new));
	}

}
