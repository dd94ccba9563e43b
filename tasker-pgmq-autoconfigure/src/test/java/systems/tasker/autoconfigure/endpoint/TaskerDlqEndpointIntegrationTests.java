/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
class TaskerDlqEndpointIntegrationTests {

	@Test
	void entriesAreToldWhileTheServerOfTheQueuesIsStopped() throws IOException {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase queues = server.createDatabase();
				TestDatabase tasker = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = start(tasker, "PGMQ_DATABASE_URL=" + queues.url())) {
			makeAnEntry(tasker);
			context.getBean(MessagingService.class).sendBatch("orders", List.of(1, 2));
			JdbcClient.create(queues.dataSource()).sql("alter table pgmq.q_damaged rename to elsewhere").update();
			JsonNode answer = get(context);
			assertThat(answer.at("/entries/reasons/0/reason").asString()).isEqualTo("staleness_timeout");
			assertThat(answer.at("/entries/reasons/0/pending").asInt()).isOne();
			assertThat(answer.at("/queues/depths/0/depth").asString()).isEqualTo("unknown");
			assertThat(answer.at("/queues/depths/1/depth").asInt()).isEqualTo(2);
			assertThat(answer.at("/queues/depths/1/visible").asInt()).isEqualTo(2);
			assertThat(paths(answer)).isEqualTo(paths(documented()));
			server.stop();
			JsonNode outage = await().atMost(Duration.ofSeconds(10))
				.until(() -> getInTime(context), (next) -> next.at("/queues/status").asString().equals("unknown"));
			assertThat(outage.at("/queues/reason").asString()).contains("refused");
			assertThat(outage.path("queues").has("depths")).isFalse();
			assertThat(outage.at("/entries/status").asString()).isEqualTo("known");
			assertThat(outage.at("/entries/reasons/0/pending").asInt()).isOne();
			assertThat(outage.toString()).doesNotContain(queues.password());
			server.start();
			await().atMost(Duration.ofSeconds(10))
				.until(() -> getInTime(context).at("/queues/status").asString().equals("known"));
		}
	}

	@Test
	void queuesAreToldWhileTheTaskerDatabaseIsStopped() {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase queues = TaskerPostgres.shared().createDatabase();
				TestDatabase tasker = server.createDatabase();
				ConfigurableApplicationContext context = start(tasker, "PGMQ_DATABASE_URL=" + queues.url())) {
			get(context);
			server.stop();
			JsonNode outage = await().atMost(Duration.ofSeconds(10))
				.until(() -> getInTime(context), (next) -> next.at("/entries/status").asString().equals("unknown"));
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

	private static ConfigurableApplicationContext start(TestDatabase tasker, String... properties) {
		List<String> all = new ArrayList<>(List.of("DATABASE_URL=" + tasker.url(),
				"tasker.messaging.queues=damaged,orders", "management.endpoints.web.exposure.include=taskerDlq"));
		all.addAll(List.of(properties));
		return TestApplication.run(TestApplication.class, WebApplicationType.SERVLET, all.toArray(String[]::new));
	}

	private static JsonNode getInTime(ConfigurableApplicationContext context) {
		long start = System.nanoTime();
		JsonNode answer = get(context);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
		return answer;
	}

	private static JsonNode get(ConfigurableApplicationContext context) {
		return RestClient.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"))
			.get()
			.uri("/actuator/taskerDlq")
			.exchange((request, response) -> {
				assertThat(response.getStatusCode().value()).isEqualTo(200);
				return JsonMapper.shared()
					.readTree(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
			});
	}

	private static JsonNode documented() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "operations", "endpoints.md"));
		String section = page.split("## taskerDlq\n", 2)[1];
		return JsonMapper.shared().readTree(section.split("```json\n", 2)[1].split("```", 2)[0]);
	}

	private static TreeSet<String> paths(JsonNode json) {
		TreeSet<String> paths = new TreeSet<>();
		json.propertyStream().forEach((property) -> {
			paths.add(property.getKey());
			paths(property.getValue()).forEach((path) -> paths.add(property.getKey() + "." + path));
		});
		if (json.isArray()) {
			json.forEach((element) -> paths.addAll(paths(element)));
		}
		return paths;
	}

}
