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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.StepMessage;
import systems.tasker.messages.TaskerMessages;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Orders and queues in one database.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "orders.sweep.interval=200ms", "orders.sweep.age=2s", "orders.sweep.lease=2s" })
@DirtiesContext
class SingleModeIntegrationTests {

	private static final TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();

	private final OrderRows rows = new OrderRows(database);

	@Autowired
	private OrderService orders;

	@Autowired
	private MessagingService messaging;

	@Autowired
	private TaskerMessages messages;

	private TransactionTemplate transaction;

	private OrdersClient client;

	@DynamicPropertySource
	static void useDatabase(DynamicPropertyRegistry registry) {
		registry.add("tasker.database.url", database::url);
	}

	@BeforeEach
	void connect(@LocalServerPort int port, @Autowired @TaskerDataSource PlatformTransactionManager manager) {
		this.client = new OrdersClient(port);
		this.transaction = new TransactionTemplate(manager);
	}

	@Test
	void orderIsFulfilled() {
		String id = this.client.receive();
		this.client.awaitFulfilment(id);
		assertThat(this.client.find(id)).containsExactlyInAnyOrderEntriesOf(
				Map.of("id", id, "state", "FULFILLED", "customer", "c1", "sku", "book", "quantity", 2));
		awaitNoMessages();
		this.rows.assertEveryStepTookEffectOnce();
	}

	@Test
	void locationOfANewOrderLeadsToIt() {
		this.client.post(OrdersClient.ORDER)
			.expectHeader()
			.value("Location",
					(location) -> this.client.get(location)
						.expectStatus()
						.isOk()
						.expectBody()
						.jsonPath("$.id")
						.isEqualTo(location.substring(location.lastIndexOf('/') + 1)));
	}

	@Test
	void taskAndStepsGoThroughTheStatesOfTasker() {
		String id = this.client.receive();
		this.client.awaitFulfilment(id);
		assertThat(String.join(" ", this.rows.taskHistory(id))).isEqualTo("pending initializing enqueuing_steps"
				+ " steps_in_process evaluating_results enqueuing_steps".repeat(2)
				+ " steps_in_process evaluating_results complete");
		for (String step : List.of("reserve_stock", "charge", "pack", "ship")) {
			assertThat(this.rows.stepHistory(id, step)).containsExactly("pending", "enqueued", "in_progress",
					"enqueued_for_orchestration", "complete");
		}
		assertThat(this.rows
			.count("tasker.tasks where complete and completed_at >= requested_at and task_uuid = '%s'".formatted(id)))
			.isOne();
	}

	@Test
	void stepThatFailsIsAttemptedAgain() {
		String id = this.client.receive("{\"customer\":\"c1\",\"sku\":\"book\",\"quantity\":41}");
		this.client.awaitFulfilment(id);
		assertThat(this.rows.attempts(id))
			.containsExactlyInAnyOrderEntriesOf(Map.of("reserve_stock", 1, "charge", 2, "pack", 1, "ship", 1));
		assertThat(this.rows.stepHistory(id, "charge")).containsExactly("pending", "enqueued", "in_progress",
				"enqueued_as_error_for_orchestration", "waiting_for_retry", "pending", "enqueued", "in_progress",
				"enqueued_for_orchestration", "complete");
		assertThat(this.rows.taskHistory(id)).contains("waiting_for_retry").endsWith("complete");
		this.rows.assertEveryStepTookEffectOnce();
	}

	@Test
	void stepThatCannotSucceedFailsTheOrder() {
		String id = this.client.receive("{\"customer\":\"c1\",\"sku\":\"out-of-stock\",\"quantity\":1}");
		this.client.awaitState(id, "FAILED");
		assertThat(this.rows.attempts(id)).containsEntry("reserve_stock", 1).containsEntry("ship", 0);
	}

	@Test
	void orderWithAKeyIsTakenOnce() {
		String key = UUID.randomUUID().toString();
		Map<String, Object> order = OrdersClient
			.body(this.client.post(OrdersClient.ORDER, key).expectStatus().isCreated());
		Map<String, Object> again = OrdersClient.body(this.client.post(OrdersClient.ORDER, key).expectStatus().isOk());
		assertThat(again).containsEntry("id", order.get("id"));
		this.client.post("{\"customer\":\"c1\",\"sku\":\"book\",\"quantity\":3}", key)
			.expectStatus()
			.isEqualTo(409)
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("The Idempotency-Key belongs to another order, " + order.get("id"));
		this.client.awaitFulfilment((String) order.get("id"));
	}

	@Test
	void orderTaskAndMessageRollBackTogether() {
		UUID id = this.transaction.execute((status) -> {
			UUID received = this.orders.receive(new NewOrder("c1", "book", 2), null).order().id();
			status.setRollbackOnly();
			return received;
		});
		this.client.get("/orders/" + id).expectStatus().isNotFound();
		assertThat(this.rows.count("tasker.tasks where task_uuid = '%s'".formatted(id))).isZero();
		awaitNoMessages();
	}

	@Test
	void orderIsNotStoredWhenItsMessageCannotBeSent() {
		long before = countTasks();
		this.rows.update("alter table pgmq.q_worker_orders_queue rename to away");
		try {
			this.client.post(OrdersClient.ORDER).expectStatus().is5xxServerError();
			assertThat(countTasks()).isEqualTo(before);
		}
		finally {
			this.rows.update("alter table pgmq.away rename to q_worker_orders_queue");
		}
		this.client.awaitFulfilment(this.client.receive());
	}

	@Test
	void messagesThatComeTwiceChangeNothing() {
		String id = this.client.receive();
		this.client.awaitFulfilment(id);
		List<String> history = this.rows.taskHistory(id);
		UUID step = UUID.fromString(this.rows.step(id, "charge"));
		this.messages.sendStep("orders", new StepMessage(UUID.fromString(id), step, UUID.randomUUID()));
		this.messages.sendStepResult("orders", StepExecutionResult.completed(step, null,
				StepExecutionMetadata.of(Instant.now(), Instant.now(), true)));
		awaitNoMessages();
		assertThat(this.rows.taskHistory(id)).isEqualTo(history);
		assertThat(this.rows.attempts(id)).containsEntry("charge", 1);
		this.rows.assertEveryStepTookEffectOnce();
	}

	@Test
	void messageThatCannotBeReadIsPutAside() {
		long message = this.messaging.sendMessage("worker_orders_queue", "no step at all").value();
		awaitArchived("worker_orders_queue", "msg_id = " + message);
	}

	@Test
	void messagesOfAnUnknownStepArePutAside() {
		UUID step = UUID.randomUUID();
		this.messages.sendStep("orders", new StepMessage(step, step, step));
		this.messages.sendStepResult("orders", StepExecutionResult.completed(step, null,
				StepExecutionMetadata.of(Instant.now(), Instant.now(), true)));
		for (String queue : List.of("worker_orders_queue", "orchestration_step_results")) {
			awaitArchived(queue, "message ->> 'step_uuid' = '%s'".formatted(step));
		}
	}

	@Test
	void stepThatCannotBeStoredIsReportedByTheSweepAndAttemptedAgain() {
		this.rows.update("alter table shop.effects add constraint stuck check (false) not valid");
		String id = this.client.receive();
		try {
			await().untilAsserted(() -> assertThat(this.rows.stepHistory(id, "reserve_stock"))
				.contains("enqueued_as_error_for_orchestration", "waiting_for_retry"));
			assertThat(this.client.find(id)).containsEntry("state", "RECEIVED");
		}
		finally {
			this.rows.update("alter table shop.effects drop constraint stuck");
		}
		this.client.awaitFulfilment(id);
		assertThat(this.rows.attempts(id).get("reserve_stock")).isGreaterThan(1);
	}

	@Test
	void unknownOrderIsNotFound() {
		for (String id : List.of(UUID.randomUUID().toString(), "no-id")) {
			this.client.get("/orders/" + id)
				.expectStatus()
				.isNotFound()
				.expectHeader()
				.contentType(MediaType.APPLICATION_PROBLEM_JSON)
				.expectBody()
				.jsonPath("$.detail")
				.isEqualTo("There is no order " + id);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					{"sku":"book","quantity":2}                          | customer must not be blank
					{"customer":"  ","sku":"book","quantity":2}          | customer must not be blank
					{"customer":7,"sku":"book","quantity":2}             | customer must be a text
					{"customer":"a\\u0000b","sku":"book","quantity":2}   | customer must not contain control characters
					{"customer":"c1","quantity":2}                       | sku must not be blank
					{"customer":"c1","sku":null,"quantity":2}            | sku must not be blank
					{"customer":"c1","sku":{},"quantity":2}              | sku must be a text
					{"customer":"c1","sku":"book"}                       | quantity must not be null
					{"customer":"c1","sku":"book","quantity":0}          | quantity must be greater than or equal to 1
					{"customer":"c1","sku":"book","quantity":1001}       | quantity must be less than or equal to 1000
					{"customer":"c1","sku":"book","quantity":"two"}      | quantity must be a whole number from 1 to 1000
					{"customer":"c1","sku":"book","quantity":"2"}        | quantity must be a whole number from 1 to 1000
					{"customer":"c1","sku":"book","quantity":2.5}        | quantity must be a whole number from 1 to 1000
					{"customer":"c1","sku":"book","quantity":99999999999}| quantity must be a whole number from 1 to 1000
					{"customer":"c1","sku":"","quantity":0}              | quantity must be greater than or equal to 1; sku must not be blank
					{"customer":"c1","sku":                              | The order is no JSON object: line 1, column
					[]                                                   | The order is no JSON object: line 1, column
					""")
	void badOrderIsRefusedWithTheNameOfTheField(String order, String detail) {
		long before = countTasks();
		this.client.post(order)
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (value) -> assertThat(value).startsWith(detail));
		assertThat(countTasks()).isEqualTo(before);
	}

	@Test
	void severalBadFieldsAreListed() {
		this.client.post("{\"quantity\":0}")
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.errors[*].field")
			.isEqualTo(List.of("customer", "quantity", "sku"));
	}

	private void awaitNoMessages() {
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.rows.count("pgmq.q_worker_orders_queue")
					+ this.rows.count("pgmq.q_orchestration_step_results"))
				.isZero());
	}

	private void awaitArchived(String queue, String condition) {
		await()
			.untilAsserted(() -> assertThat(this.rows.count("pgmq.a_%s where %s".formatted(queue, condition))).isOne());
	}

	private long countTasks() {
		return this.rows.count("tasker.tasks");
	}

}
