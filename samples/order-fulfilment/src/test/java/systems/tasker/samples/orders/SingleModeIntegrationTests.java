/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Orders and queues in one database.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class SingleModeIntegrationTests {

	private static final TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();

	private final JdbcClient jdbcClient = JdbcClient.create(database.dataSource());

	@Autowired
	private OrderService orders;

	@Autowired
	private MessagingService messagingService;

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
		awaitNoMessage(id);
		assertThat(archived(id)).isZero();
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
	void orderIsATaskWithItsHistory() {
		String id = this.client.receive();
		this.client.awaitFulfilment(id);
		assertThat(this.jdbcClient
			.sql("""
					select t.complete, t.completed_at >= t.requested_at as in_time, t.identity_hash = t.task_uuid::text as unhashed,
					       t.context = '{"customer":"c1","sku":"book","quantity":2}'::jsonb as whole_order, s.processed, s.attempts
					from tasker.tasks t join tasker.workflow_steps s using (task_uuid) where t.task_uuid = :id::uuid
					""")
			.param("id", id)
			.query()
			.singleRow()).containsOnly(Map.entry("complete", true), Map.entry("in_time", true),
					Map.entry("unhashed", true), Map.entry("whole_order", true), Map.entry("processed", true),
					Map.entry("attempts", 1));
		assertThat(taskHistory(id)).containsExactly("1 null pending false", "2 pending initializing false",
				"3 initializing enqueuing_steps false", "4 enqueuing_steps steps_in_process false",
				"5 steps_in_process evaluating_results false", "6 evaluating_results complete true");
		assertThat(stepHistory(id)).containsExactly("1 null pending false", "2 pending enqueued false",
				"3 enqueued in_progress false", "4 in_progress complete true");
	}

	@Test
	void orderAndMessageRollBackTogether() {
		UUID id = this.transaction.execute((status) -> {
			UUID received = this.orders.receive(new NewOrder("c1", "book", 2));
			status.setRollbackOnly();
			return received;
		});
		this.client.get("/orders/" + id).expectStatus().isNotFound();
		assertThat(waiting(id.toString())).isZero();
		assertThat(archived(id.toString())).isZero();
	}

	@Test
	void orderIsNotStoredWhenItsMessageCannotBeSent() {
		long before = countTasks();
		this.jdbcClient.sql("alter table pgmq.q_worker_orders_queue rename to away").update();
		try {
			this.client.post(OrdersClient.ORDER).expectStatus().is5xxServerError();
			assertThat(countTasks()).isEqualTo(before);
		}
		finally {
			this.jdbcClient.sql("alter table pgmq.away rename to q_worker_orders_queue").update();
		}
		this.client.awaitFulfilment(this.client.receive());
	}

	@Test
	void messageIsNotSentWhenThatCannotBeNoted() {
		UUID id = UUID.randomUUID();
		assertThatExceptionOfType(UnknownOrderException.class).isThrownBy(() -> this.orders.enqueue(id));
		assertThat(waiting(id.toString())).isZero();
		assertThat(archived(id.toString())).isZero();
	}

	@Test
	void messageThatComesTwiceChangesNothing() {
		String id = this.client.receive();
		this.client.awaitFulfilment(id);
		Map<String, Object> fulfilled = rows(id);
		this.messagingService.sendMessage(FulfilOrder.QUEUE, new FulfilOrder(UUID.fromString(id)));
		awaitNoMessage(id);
		assertThat(archived(id)).isZero();
		assertThat(rows(id)).isEqualTo(fulfilled);
		assertThat(taskHistory(id)).hasSize(6);
	}

	@Test
	void messageThatCannotBeReadIsPutAside() {
		long message = this.messagingService.sendMessage(FulfilOrder.QUEUE, "no order at all").value();
		await().untilAsserted(
				() -> assertThat(count("pgmq.a_worker_orders_queue where msg_id = " + message)).isEqualTo(1));
	}

	@Test
	void messageOfAnUnknownOrderIsPutAside() {
		UUID id = UUID.randomUUID();
		this.messagingService.sendMessage(FulfilOrder.QUEUE, new FulfilOrder(id));
		await().untilAsserted(() -> assertThat(archived(id.toString())).isEqualTo(1));
	}

	@Test
	void orderThatFailsIsTriedAgain() {
		this.jdbcClient.sql("alter table tasker.workflow_steps add constraint stuck check (not processed) not valid")
			.update();
		String id = this.client.receive();
		try {
			await().untilAsserted(() -> assertThat(count(
					"pgmq.q_worker_orders_queue where read_ct > 0 and vt > now() and vt < now() + interval '3 seconds'"))
				.isEqualTo(1));
			assertThat(this.client.find(id)).containsEntry("state", "RECEIVED");
		}
		finally {
			this.jdbcClient.sql("alter table tasker.workflow_steps drop constraint stuck").update();
		}
		this.client.awaitFulfilment(id);
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

	private void awaitNoMessage(String order) {
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(waiting(order)).isZero());
	}

	private long waiting(String order) {
		return count("pgmq.q_worker_orders_queue where message ->> 'orderId' = '%s'".formatted(order));
	}

	private long archived(String order) {
		return count("pgmq.a_worker_orders_queue where message ->> 'orderId' = '%s'".formatted(order));
	}

	private Map<String, Object> rows(String order) {
		return this.jdbcClient.sql("""
				select t.updated_at as task, s.updated_at as step, s.attempts
				from tasker.tasks t join tasker.workflow_steps s using (task_uuid) where t.task_uuid = :id::uuid
				""").param("id", order).query().singleRow();
	}

	private long countTasks() {
		return count("tasker.tasks");
	}

	private long count(String from) {
		return this.jdbcClient.sql("select count(*) from " + from).query(Long.class).single();
	}

	private List<String> taskHistory(String id) {
		return this.jdbcClient.sql("""
				select concat_ws(' ', sort_key, coalesce(from_state, 'null'), to_state, most_recent::text)
				from tasker.task_transitions where task_uuid = :id::uuid order by sort_key
				""").param("id", id).query(String.class).list();
	}

	private List<String> stepHistory(String id) {
		return this.jdbcClient.sql("""
				select concat_ws(' ', sort_key, coalesce(from_state, 'null'), to_state, most_recent::text)
				from tasker.workflow_step_transitions join tasker.workflow_steps using (workflow_step_uuid)
				where task_uuid = :id::uuid order by sort_key
				""").param("id", id).query(String.class).list();
	}

}
