/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.ClaimedStep;
import systems.tasker.workflow.StepReadiness;
import systems.tasker.workflow.TaskerDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Orders on one server, queues on another, which goes away and comes back.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "orders.sweep.interval=200ms", "orders.sweep.age=1s", "orders.sweep.lease=3s",
				"orders.visibility-timeout=3s" })
@DirtiesContext
class SplitModeIntegrationTests {

	private static final TestDatabase taskerDatabase = TaskerPostgres.shared().createEmptyDatabase();

	private static final TaskerPostgres pgmqServer = TaskerPostgres.builder().start();

	private static final TestDatabase pgmqDatabase = pgmqServer.createEmptyDatabase();

	private final OrderRows rows = new OrderRows(taskerDatabase);

	@Autowired
	private Orchestrator orchestrator;

	@Autowired
	private FulfilmentTemplate template;

	@Autowired
	private OrderRepository orders;

	private TransactionTemplate transaction;

	private OrdersClient client;

	@DynamicPropertySource
	static void useDatabases(DynamicPropertyRegistry registry) {
		registry.add("tasker.database.url", taskerDatabase::url);
		registry.add("tasker.pgmq-database.url", pgmqDatabase::url);
	}

	@AfterAll
	static void endServer() {
		pgmqServer.close();
	}

	@BeforeEach
	void connect(@LocalServerPort int port, @Autowired @TaskerDataSource PlatformTransactionManager manager) {
		this.client = new OrdersClient(port);
		this.transaction = new TransactionTemplate(manager);
	}

	@Test
	void eachDatabaseHoldsItsHalf() {
		this.client.awaitFulfilment(this.client.receive());
		this.rows.assertEveryStepTookEffectOnce();
		assertThat(tables(taskerDatabase)).contains("tasker.tasks", "shop.orders")
			.noneMatch((table) -> table.startsWith("pgmq."));
		assertThat(tables(pgmqDatabase)).contains("pgmq.q_worker_orders_queue", "pgmq.q_orchestration_step_results")
			.noneMatch((table) -> table.startsWith("tasker.") || table.startsWith("shop."));
	}

	@Test
	void stepWhoseMessageWasNeverSentIsDone() {
		this.client.awaitFulfilment(this.transaction.execute((status) -> storeWithoutMessage()).toString());
	}

	@Test
	void outageOfTheQueuesDelaysOrders() {
		this.client.awaitFulfilment(this.client.receive());
		assertThat(statuses()).containsExactlyInAnyOrderEntriesOf(
				Map.of("application", "UP", "db", "UP", "taskerDatabase", "UP", "pgmqDatabase", "UP"));
		// With a pause in the middle, so that it is under way when the server stops.
		String underWay = this.client.receive("{\"customer\":\"c1\",\"sku\":\"book\",\"quantity\":41}");
		await().until(() -> this.rows.stepHistory(underWay, "charge").contains("waiting_for_retry"));
		pgmqServer.stop();
		String id = this.client.receive();
		assertThat(this.client.find(id)).containsEntry("state", "RECEIVED");
		// An answer holds for a second.
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(statuses()).containsExactlyInAnyOrderEntriesOf(
					Map.of("application", "DEGRADED", "db", "UP", "taskerDatabase", "UP", "pgmqDatabase", "DEGRADED")));
		// The pause ends in the outage: the step is handed out, and its message is lost.
		await().atMost(Duration.ofSeconds(20))
			.until(() -> this.rows.stepHistory(underWay, "charge").lastIndexOf("enqueued") > 1);
		pgmqServer.start();
		this.client.awaitFulfilment(id);
		this.client.awaitFulfilment(underWay);
		this.rows.assertEveryStepTookEffectOnce();
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(statuses()).containsEntry("application", "UP"));
	}

	@Test
	void resultWhoseMessageWasNeverSentIsSettled(@Autowired TaskerDatabase tasker,
			@Autowired EffectRepository effects) {
		UUID worker = UUID.randomUUID();
		UUID id = this.transaction.execute((status) -> {
			UUID task = storeWithoutMessage();
			ClaimedStep claimed = tasker.work().claim(reserveStock(tasker, task), worker).orElseThrow();
			StepExecutionResult result = StepExecutionResult.completed(claimed.stepUuid(), null,
					StepExecutionMetadata.of(Instant.now(), Instant.now(), true));
			assertThat(tasker.work().report(result, claimed.attempts(), worker)).isTrue();
			effects.insert(effects.find(claimed.stepUuid()), claimed, worker);
			return task;
		});
		this.client.awaitFulfilment(id.toString());
		this.rows.assertEveryStepTookEffectOnce();
	}

	private UUID storeWithoutMessage() {
		NewOrder order = new NewOrder("c1", "book", 2);
		UUID task = this.orchestrator.start(this.template.request(order, null), new Outbox.Messages());
		this.orders.insert(task, order);
		return task;
	}

	private static UUID reserveStock(TaskerDatabase tasker, UUID task) {
		return tasker.steps()
			.readiness(task)
			.stream()
			.filter((step) -> step.name().equals(FulfilmentTemplate.RESERVE_STOCK))
			.map(StepReadiness::stepUuid)
			.findFirst()
			.orElseThrow();
	}

	private static List<String> tables(TestDatabase database) {
		return JdbcClient.create(database.dataSource())
			.sql("select schemaname || '.' || tablename from pg_tables")
			.query(String.class)
			.list();
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> statuses() {
		Map<String, Object> health = this.client.health();
		Map<String, Map<String, Object>> components = (Map<String, Map<String, Object>>) health.get("components");
		return Map.of("application", health.get("status"), "db", components.get("db").get("status"), "taskerDatabase",
				components.get("taskerDatabase").get("status"), "pgmqDatabase",
				components.get("pgmqDatabase").get("status"));
	}

}
