/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.database.DatabasePools;
import systems.tasker.messaging.MessageTooLargeException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.inmemory.InMemoryMessagingService;
import systems.tasker.messaging.pgmq.PgmqMessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
@Tag("any-postgres")
class InMemoryMessagingIntegrationTests {

	private static final String WARNING = "not for production";

	@AutoClose
	private final TestDatabase tasker = TaskerPostgres.shared().createEmptyDatabase();

	@ParameterizedTest
	@ValueSource(strings = { "in-memory", "IN_MEMORY", "inMemory" })
	void carriesMessagesWithoutAPgmqDatabaseAndSaysSo(String provider, CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(TestApplication.class, provider,
				"PGMQ_DATABASE_URL=postgresql://nobody@127.0.0.1:1/none", "tasker.messaging.queues=orders",
				"tasker.messaging.max-message-size=10B")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			assertThat(messaging).isSameAs(context.getBean(InMemoryMessagingService.class));
			messaging.sendMessage("orders", Map.of("id", 1));
			assertThat(messaging.receiveMessages("orders", Map.class, 1, Duration.ofMinutes(1))).hasSize(1);
			assertThatExceptionOfType(MessageTooLargeException.class)
				.isThrownBy(() -> messaging.sendMessage("orders", "longer than that"));
			assertThat(context.getBean(DatabasePools.class).isPgmqEnabled()).isFalse();
			assertThat(context.getBeanNamesForType(PgmqMessagingService.class)).isEmpty();
			assertThat(context.getBeanNamesForType(Object.class)).noneMatch((name) -> name.startsWith("pgmq"));
			assertThat(context.getBean(JdbcClient.class)
				.sql("select count(*) from pg_namespace where nspname in ('pgmq', 'tasker_pgmq')")
				.query(Long.class)
				.single()).isZero();
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains(WARNING))).singleElement()
			.satisfies((line) -> assertThat(line).contains("WARN", "tasker.messaging.provider"));
	}

	@Test
	void worksWithThePgmqDatabaseSwitchedOff() {
		try (ConfigurableApplicationContext context = run(TestApplication.class, "in-memory", "PGMQ_ENABLED=false")) {
			assertThat(context.getBean(MessagingService.class)).isInstanceOf(InMemoryMessagingService.class);
		}
	}

	@Test
	void backsOffForAServiceOfTheApplication(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(WithOwnService.class, "in-memory")) {
			assertThat(context.getBean(MessagingService.class).providerName()).isEqualTo("disabled");
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void takesTheClockOfTheApplication() {
		try (ConfigurableApplicationContext context = run(WithClock.class, "in-memory",
				"tasker.messaging.queues=orders")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", 1);
			assertThat(messaging.receiveMessages("orders", Integer.class, 1, Duration.ZERO))
				.extracting(QueuedMessage::enqueuedAt)
				.isEqualTo(List.of(Instant.EPOCH));
		}
	}

	@Test
	void sendInATransactionOnTheTaskerDatabaseIsNoSendAcrossDatabases(CapturedOutput output) {
		for (String choice : List.of("warn", "fail")) {
			try (ConfigurableApplicationContext context = run(TestApplication.class, "in-memory",
					"tasker.messaging.queues=orders", "tasker.messaging.cross-database=" + choice)) {
				MessagingService messaging = context.getBean(MessagingService.class);
				context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
					messaging.sendMessage("orders", 1);
					status.setRollbackOnly();
				});
				assertThat(messaging.queueStats("orders").length()).as(choice).hasValue(1);
			}
		}
		assertThat(output).doesNotContain("inside a transaction");
	}

	@Test
	void invalidQueueNameStopsTheStart() {
		assertThatException().isThrownBy(() -> run(TestApplication.class, "in-memory", "tasker.messaging.queues=Bad"))
			.withStackTraceContaining("tasker.messaging.queues");
	}

	@Test
	void pgmqIsTheDefaultInAnySpelling() {
		try (ConfigurableApplicationContext context = run(TestApplication.class, "PGMQ")) {
			assertThat(context.getBean(MessagingService.class)).isInstanceOf(PgmqMessagingService.class);
		}
	}

	private ConfigurableApplicationContext run(Class<?> application, String provider, String... properties) {
		String[] all = new String[properties.length + 2];
		System.arraycopy(properties, 0, all, 2, properties.length);
		all[0] = "DATABASE_URL=" + this.tasker.url();
		all[1] = "tasker.messaging.provider=" + provider;
		return TestApplication.run(application, WebApplicationType.NONE, all);
	}

	@Configuration(proxyBeanMethods = false)
	@Import(TestApplication.class)
	static class WithOwnService {

		@Bean
		MessagingService ownMessagingService() {
			return MessagingService.disabled("The application does without");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(TestApplication.class)
	static class WithClock {

		@Bean
		Clock clock() {
			return Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
		}

	}

}
