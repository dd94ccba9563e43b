/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.workflow.StaleTasks;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.StalenessLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code /actuator/taskerDlq}, with servers that come and go.
 */
@Tag("any-postgres")
class TaskerDlqEndpointIntegrationTests {

	private static final TestEndpoint endpoint = new TestEndpoint("taskerDlq");

	private static final String QUEUES = "tasker.messaging.queues=damaged,orders";

	@Test
	void entriesAreToldWhileTheServerOfTheQueuesIsStopped() throws IOException {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase queues = server.createDatabase();
				TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = endpoint.start(tasker, "PGMQ_DATABASE_URL=" + queues.url(),
						QUEUES)) {
			makeAnEntry(tasker);
			context.getBean(MessagingService.class).sendBatch("orders", List.of(1, 2));
			JdbcClient.create(queues.dataSource()).sql("alter table pgmq.q_damaged rename to elsewhere").update();
			JsonNode answer = endpoint.get(context);
			assertThat(answer.at("/entries/reasons/0/reason").asString()).isEqualTo("staleness_timeout");
			assertThat(answer.at("/entries/reasons/0/pending").asInt()).isOne();
			assertThat(answer.at("/queues/depths/0/depth").asString()).isEqualTo("unknown");
			assertThat(answer.at("/queues/depths/1/depth").asInt()).isEqualTo(2);
			assertThat(answer.at("/queues/depths/1/visible").asInt()).isEqualTo(2);
			assertThat(TestEndpoint.paths(answer)).isEqualTo(TestEndpoint.paths(endpoint.documented()));
			server.stop();
			JsonNode outage = await().atMost(Duration.ofSeconds(10))
				.until(() -> endpoint.getInTime(context),
						(next) -> next.at("/queues/status").asString().equals("unknown"));
			assertThat(outage.at("/queues/reason").asString()).contains("refused");
			assertThat(outage.path("queues").has("depths")).isFalse();
			assertThat(outage.at("/entries/status").asString()).isEqualTo("known");
			assertThat(outage.at("/entries/reasons/0/pending").asInt()).isOne();
			assertThat(outage.toString()).doesNotContain(queues.password());
			server.start();
			await().atMost(Duration.ofSeconds(10))
				.until(() -> endpoint.getInTime(context).at("/queues/status").asString().equals("known"));
		}
	}

	@Test
	void queuesAreToldWhileTheTaskerDatabaseIsStopped() {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase queues = TaskerPostgres.shared().createDatabase();
				TestDatabase tasker = server.createDatabase();
				ConfigurableApplicationContext context = endpoint.start(tasker, "PGMQ_DATABASE_URL=" + queues.url(),
						QUEUES)) {
			endpoint.get(context);
			server.stop();
			JsonNode outage = await().atMost(Duration.ofSeconds(10))
				.until(() -> endpoint.getInTime(context),
						(next) -> next.at("/entries/status").asString().equals("unknown"));
			assertThat(outage.at("/entries/reason").asString()).contains("refused");
			assertThat(outage.at("/queues/depths").size()).isEqualTo(2);
		}
	}

	@Test
	void withoutExposureThereIsNoEndpoint() {
		try (TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + tasker.url())) {
			assertThat(context.getBeanNamesForType(TaskerDlqEndpoint.class)).isEmpty();
		}
	}

	private static void makeAnEntry(TestDatabase tasker) {
		StaleTasks tasks = new StaleTasks(tasker);
		tasks.create(1);
		tasks.tasker().deadLetters().sweep(StalenessLimits.defaults());
	}

}
