/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the notifications that an application sends as its properties say.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("any-postgres")
class NotificationPropertiesIntegrationTests {

	private static final String CANNOT = "Messages are sent but cannot be announced";

	@AutoClose
	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private Connection listener;

	@BeforeEach
	void listen() throws SQLException {
		this.listener = this.database.dataSource().getConnection();
		try (Statement statement = this.listener.createStatement()) {
			statement.execute("listen pgmq_message_ready");
		}
	}

	@AfterEach
	void stopListening() throws SQLException {
		this.listener.close();
	}

	@Test
	void notificationsAreCoalescedWhenNothingIsSaid() throws SQLException {
		try (ConfigurableApplicationContext context = run()) {
			context.getBean(MessagingService.class).sendMessage("orders", 1);
			assertThat(heard()).hasSize(1).first().asString().contains("\"msg_id\": 1");
		}
	}

	@Test
	void closingTheApplicationAnnouncesTheRestBeforeThePoolIsClosed(CapturedOutput output) throws SQLException {
		try (ConfigurableApplicationContext context = run("tasker.messaging.pgmq.notify-interval=3600")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.sendMessage("orders", 1);
			assertThat(heard()).hasSize(1);
			messaging.sendBatch("orders", List.of(2, 3));
		}
		assertThat(heard()).hasSize(1).first().asString().contains("\"msg_ids\": [2, 3]");
		assertThat(output).doesNotContain(CANNOT);
	}

	@Test
	void transactionalNotificationsNeedNoThread() throws SQLException {
		long before = notifiers();
		try (ConfigurableApplicationContext context = run("tasker.messaging.pgmq.notify=transactional")) {
			context.getBean(MessagingService.class).sendMessage("orders", 1);
			assertThat(heard()).hasSize(1);
			assertThat(notifiers()).isEqualTo(before);
		}
	}

	@Test
	void notificationsCanBeOff() throws SQLException {
		try (ConfigurableApplicationContext context = run("tasker.messaging.pgmq.notify=off")) {
			context.getBean(MessagingService.class).sendMessage("orders", 1);
		}
		JdbcClient.create(this.database.dataSource())
			.sql("select pg_notify('pgmq_message_ready', 'end')")
			.query()
			.singleRow();
		assertThat(heard()).containsExactly("end");
	}

	@Test
	void failuresAreLoggedOnceUntilTheyAreOver(CapturedOutput output) throws SQLException {
		JdbcClient jdbc = JdbcClient.create(this.database.dataSource());
		String signature = "tasker_pgmq.notify_message_ready(text, bigint[], integer)";
		try (ConfigurableApplicationContext context = run("logging.level.systems.tasker.messaging.pgmq=debug")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			jdbc.sql("alter function " + signature + " rename to missing").update();
			for (int i = 1; i <= 3; i++) {
				int failures = i;
				messaging.sendMessage("orders", i);
				await()
					.until(() -> output.getOut().split("DEBUG .* Messages cannot be announced", -1).length > failures);
			}
			assertThat(output).containsOnlyOnce(CANNOT).contains("Cannot announce");
			jdbc.sql("alter function " + signature.replace("notify_message_ready", "missing")
					+ " rename to notify_message_ready")
				.update();
			messaging.sendMessage("orders", 4);
			assertThat(heard()).hasSize(1).first().asString().contains("\"msg_id\": 4");
			await().until(() -> output.getOut().contains("Messages are announced again"));
			assertThat(messaging.queueStats("orders").length()).hasValue(4);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1ms", "2h" })
	void intervalMustBeMoreThanZeroAndAtMostAnHour(String interval) {
		assertThatException().isThrownBy(() -> run("tasker.messaging.pgmq.notify-interval=" + interval).close())
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationPropertyValueException.class)
			.withMessageContainingAll("tasker.messaging.pgmq.notify-interval", "must be from 1ns to 1h");
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.database.url());
		all.add("tasker.messaging.queues=orders");
		return TestApplication.run(all.toArray(String[]::new));
	}

	private List<String> heard() throws SQLException {
		PGNotification[] notifications = this.listener.unwrap(PGConnection.class).getNotifications(10_000);
		return (notifications != null) ? List.of(notifications).stream().map(PGNotification::getParameter).toList()
				: List.of();
	}

	private static long notifiers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("pgmq-notify"))
			.count();
	}

}
