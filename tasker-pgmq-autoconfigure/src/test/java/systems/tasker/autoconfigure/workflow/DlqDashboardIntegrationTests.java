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
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.messaging.QueueDepth;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.DlqReason;
import systems.tasker.workflow.StalenessLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TaskerOperations#dlqDashboard()} in whole applications.
 */
@Tag("any-postgres")
class DlqDashboardIntegrationTests {

	private static final String QUEUES = "tasker.messaging.queues=orders,others";

	@AutoClose
	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	@Test
	void inSplitModeItStillAnswersWhenThePgmqDatabaseIsDown() {
		makeAnEntry();
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase queues = server.createDatabase();
				ConfigurableApplicationContext context = run("PGMQ_DATABASE_URL=" + queues.url(), QUEUES)) {
			context.getBean(MessagingService.class).sendBatch("orders", List.of(1, 2, 3));
			context.getBean(MessagingService.class).receiveMessages("orders", Integer.class, 1, Duration.ofHours(1));
			DlqDashboard dashboard = ask(context);
			assertOneEntry(dashboard);
			assertThat(dashboard.queues().queues()).hasValue(List.of(depth("orders", 3, 2), depth("others", 0, 0)));
			assertThat(dashboard.queues().unknown()).isEmpty();
			server.stop();
			await().until(() -> ask(context).queues().queues().isEmpty());
			dashboard = ask(context);
			assertOneEntry(dashboard);
			assertThat(dashboard.queues().unknown().orElseThrow()).contains("refused")
				.doesNotContain(queues.password());
			server.start();
			await().atMost(Duration.ofSeconds(10)).until(() -> ask(context).queues().queues().isPresent());
		}
	}

	// One after the other, each is waited for as long as one question to all may take.
	@Test
	void aQuestionThatHangsIsGivenUpInTime() throws SQLException {
		makeAnEntry();
		try (TestDatabase queues = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = run("PGMQ_DATABASE_URL=" + queues.url(),
						"tasker.messaging.queues=a,b,c,d,e,f,g,h");
				Connection holder = queues.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			ask(context);
			holder.setAutoCommit(false);
			for (String queue : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
				statement.execute("lock table pgmq.q_" + queue);
			}
			await().until(() -> ask(context).queues().queues().isEmpty());
			DlqDashboard dashboard = ask(context);
			assertOneEntry(dashboard);
			assertThat(dashboard.queues().unknown()).isPresent();
			holder.rollback();
			await().until(() -> ask(context).queues().queues().isPresent());
		}
	}

	@Test
	void aQueueThatCannotBeReadHidesNoOther() {
		try (ConfigurableApplicationContext context = run(QUEUES)) {
			JdbcClient.create(this.database.dataSource()).sql("alter table pgmq.q_orders rename to elsewhere").update();
			List<QueueDepth> queues = ask(context).queues().queues().orElseThrow();
			assertThat(queues.get(0)).satisfies((orders) -> {
				assertThat(orders.queue()).isEqualTo("orders");
				assertThat(orders.depth()).isEmpty();
				assertThat(orders.visible()).isEmpty();
				assertThat(orders.error().orElseThrow()).contains("has no table");
			});
			assertThat(queues.get(1)).isEqualTo(depth("others", 0, 0));
			assertThat(ask(context).reasons()).isEmpty();
		}
	}

	@Test
	void whileTheStartIsDeferredTheReasonIsThatOfTheStart() {
		TaskerPostgres server = TaskerPostgres.builder().start();
		TestDatabase queues = server.createEmptyDatabase();
		server.stop();
		makeAnEntry();
		try (ConfigurableApplicationContext context = run("PGMQ_DATABASE_URL=" + queues.url(),
				"tasker.pgmq-database.migration-on-failure=defer", QUEUES)) {
			DlqDashboard dashboard = ask(context);
			assertOneEntry(dashboard);
			assertThat(dashboard.queues().unknown().orElseThrow()).contains("not ready", "refused");
		}
		finally {
			server.close();
		}
	}

	@Test
	void withoutQueuesTheyAreUnknown() {
		makeAnEntry();
		try (ConfigurableApplicationContext context = run("tasker.pgmq-database.enabled=false")) {
			DlqDashboard dashboard = ask(context);
			assertOneEntry(dashboard);
			assertThat(dashboard.queues().queues()).isEmpty();
			assertThat(dashboard.queues().unknown().orElseThrow()).contains("tasker.pgmq-database.enabled");
		}
	}

	@Test
	void queuesInMemoryAreKnown() {
		makeAnEntry();
		try (ConfigurableApplicationContext context = run("tasker.messaging.provider=in-memory", QUEUES)) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.ensureQueue("made_later");
			messaging.sendBatch("orders", List.of(1, 2));
			messaging.receiveMessages("orders", Integer.class, 1, Duration.ofHours(1));
			DlqDashboard dashboard = ask(context);
			assertOneEntry(dashboard);
			assertThat(dashboard.queues().queues())
				.hasValue(List.of(depth("made_later", 0, 0), depth("orders", 2, 1), depth("others", 0, 0)));
		}
	}

	private void makeAnEntry() {
		StaleTasks tasks = new StaleTasks(this.database);
		tasks.create(1);
		tasks.tasker().deadLetters().sweep(StalenessLimits.defaults());
	}

	private static void assertOneEntry(DlqDashboard dashboard) {
		assertThat(dashboard.reasons()).singleElement().satisfies((row) -> {
			assertThat(row.reason()).isEqualTo(DlqReason.STALENESS_TIMEOUT);
			assertThat(row.pending()).isOne();
		});
	}

	private static DlqDashboard ask(ConfigurableApplicationContext context) {
		long start = System.nanoTime();
		DlqDashboard dashboard = context.getBean(TaskerOperations.class).dlqDashboard();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
		return dashboard;
	}

	private static QueueDepth depth(String queue, long depth, long visible) {
		return new QueueDepth(queue, OptionalLong.of(depth), OptionalLong.of(visible), Optional.empty());
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.database.url());
		return TestApplication.run(all.toArray(String[]::new));
	}

}
