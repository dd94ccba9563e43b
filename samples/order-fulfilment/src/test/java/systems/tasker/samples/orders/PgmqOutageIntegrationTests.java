/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The server of the queues goes away and comes back.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "orders.sweep.interval=500ms", "orders.sweep.age=1s" })
@DirtiesContext
class PgmqOutageIntegrationTests {

	private static final TestDatabase taskerDatabase = TaskerPostgres.shared().createEmptyDatabase();

	private static final TaskerPostgres pgmqServer = TaskerPostgres.builder().start();

	private static final TestDatabase pgmqDatabase = pgmqServer.createEmptyDatabase();

	@DynamicPropertySource
	static void useDatabases(DynamicPropertyRegistry registry) {
		registry.add("tasker.database.url", taskerDatabase::url);
		registry.add("tasker.pgmq-database.url", pgmqDatabase::url);
	}

	@AfterAll
	static void endServer() {
		pgmqServer.close();
	}

	@Test
	void outageOfTheQueuesDelaysOrders(@LocalServerPort int port) {
		OrdersClient client = new OrdersClient(port);
		client.awaitFulfilment(client.receive());
		assertThat(statuses(client)).containsExactlyInAnyOrderEntriesOf(
				Map.of("application", "UP", "db", "UP", "taskerDatabase", "UP", "pgmqDatabase", "UP"));
		pgmqServer.stop();
		String id = client.receive();
		assertThat(client.find(id)).containsEntry("state", "RECEIVED");
		// An answer holds for a second.
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(statuses(client)).containsExactlyInAnyOrderEntriesOf(
					Map.of("application", "DEGRADED", "db", "UP", "taskerDatabase", "UP", "pgmqDatabase", "DEGRADED")));
		pgmqServer.start();
		client.awaitFulfilment(id);
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(statuses(client)).containsEntry("application", "UP"));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> statuses(OrdersClient client) {
		Map<String, Object> health = client.health();
		Map<String, Map<String, Object>> components = (Map<String, Map<String, Object>>) health.get("components");
		return Map.of("application", health.get("status"), "db", components.get("db").get("status"), "taskerDatabase",
				components.get("taskerDatabase").get("status"), "pgmqDatabase",
				components.get("pgmqDatabase").get("status"));
	}

}
