/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
import systems.tasker.messages.StepMessage;
import systems.tasker.messages.TaskRequest;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.SendOptions;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.ClaimedStep;
import systems.tasker.workflow.IdentityStrategy;
import systems.tasker.workflow.StepTemplate;
import systems.tasker.workflow.TaskState;
import systems.tasker.workflow.TaskTemplate;
import systems.tasker.workflow.TaskerDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the sweep does, and what it leaves alone. That it has been there is seen by an
 * order that only it can help.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "orders.sweep.interval=200ms", "orders.sweep.age=1s", "orders.sweep.lease=1s" })
@Tag("any-postgres")
@DirtiesContext
class FulfilmentSweepIntegrationTests {

	private static final String RESERVE_STOCK = FulfilmentTemplate.RESERVE_STOCK;

	private static final String STEPS = "worker_orders_queue";

	private static final String RESULTS = "orchestration_step_results";

	private static final TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();

	private OrderRows rows;

	@Autowired
	private Orchestrator orchestrator;

	@Autowired
	private FulfilmentTemplate template;

	@Autowired
	private OrderRepository orders;

	@Autowired
	private TaskerDatabase tasker;

	@Autowired
	private MessagingService messaging;

	private TransactionTemplate transaction;

	private OrdersClient client;

	@DynamicPropertySource
	static void useDatabase(DynamicPropertyRegistry registry) {
		registry.add("tasker.database.url", database::url);
	}

	// The rows are those of the transaction of a test, too.
	@BeforeEach
	void connect(@LocalServerPort int port, @Autowired @TaskerDataSource JdbcClient jdbcClient,
			@Autowired @TaskerDataSource PlatformTransactionManager manager) {
		this.client = new OrdersClient(port);
		this.rows = new OrderRows(jdbcClient);
		this.transaction = new TransactionTemplate(manager);
	}

	@Test
	void lostMessageIsSentThoughAnotherMessageIsOld() {
		MessageId old = sendLate(STEPS, UUID.randomUUID());
		this.rows.update("update pgmq.q_worker_orders_queue set enqueued_at = now() - interval '1 hour'");
		awaitSweep();
		delete("q_worker_orders_queue", old);
	}

	@Test
	void stepWhoseMessageIsInTheQueueIsLeftToTheWorkers() {
		Sent sent = storeAndSendLate();
		awaitSweep();
		assertThat(this.rows.stepHistory(sent.order(), RESERVE_STOCK)).endsWith("enqueued");
		delete("q_worker_orders_queue", sent.message());
		this.client.awaitFulfilment(sent.order());
	}

	@Test
	void resultWhoseMessageIsInTheQueueIsLeftToTheLoop() {
		Sent sent = this.transaction.execute((status) -> {
			String order = store();
			UUID worker = UUID.randomUUID();
			ClaimedStep claimed = this.tasker.work().claim(reserveStock(order), worker).orElseThrow();
			StepExecutionResult result = StepExecutionResult.completed(claimed.stepUuid(), null,
					StepExecutionMetadata.of(Instant.now(), Instant.now(), true));
			assertThat(this.tasker.work().report(result, claimed.attempts(), worker)).isTrue();
			return new Sent(order, sendLate(RESULTS, claimed.stepUuid()));
		});
		awaitSweep();
		assertThat(this.rows.stepHistory(sent.order(), RESERVE_STOCK)).endsWith("enqueued_for_orchestration");
		delete("q_orchestration_step_results", sent.message());
		this.client.awaitFulfilment(sent.order());
	}

	@Test
	void messageThatWasPutAsideIsNotSentAgainUntilItIsDeleted() {
		Sent sent = storeAndSendLate();
		assertThat(this.rows.count("pgmq.archive('%s', array[%s])".formatted(STEPS, sent.message()))).isOne();
		awaitSweep();
		assertThat(this.rows.stepHistory(sent.order(), RESERVE_STOCK)).endsWith("enqueued");
		delete("a_worker_orders_queue", sent.message());
		this.client.awaitFulfilment(sent.order());
	}

	@Test
	void orderGoesOnAfterALongerStandstillThanDiscoveryLooksBack() {
		String order = this.client.receive("{\"customer\":\"c1\",\"sku\":\"book\",\"quantity\":41}");
		await().until(() -> this.rows.taskHistory(order).contains("waiting_for_retry"));
		this.rows.update("""
				update tasker.task_transitions set created_at = created_at - interval '31 minutes'
				where task_uuid = '%s'""".formatted(order));
		this.rows.update("""
				update tasker.workflow_step_transitions set created_at = created_at - interval '31 minutes'
				where workflow_step_uuid = '%s'""".formatted(this.rows.step(order, "charge")));
		this.client.awaitFulfilment(order);
	}

	@Test
	void tasksOfOtherNamespacesAreLeftAlone() {
		this.tasker.templates()
			.save(TaskTemplate.of("other", "work", "1", StepTemplate.of("step"))
				.withIdentityStrategy(IdentityStrategy.ALWAYS_UNIQUE));
		String pending = otherTask();
		String enqueued = otherTask();
		this.tasker.tasks().advance(UUID.fromString(enqueued), null);
		String claimed = otherTask();
		this.tasker.tasks().advance(UUID.fromString(claimed), null);
		this.tasker.work().claim(UUID.fromString(this.rows.step(claimed, "step")), UUID.randomUUID());
		awaitSweep();
		assertThat(this.rows.taskHistory(pending)).containsExactly("pending");
		assertThat(this.rows.stepHistory(enqueued, "step")).containsExactly("pending", "enqueued");
		assertThat(this.rows.stepHistory(claimed, "step")).containsExactly("pending", "enqueued", "in_progress");
	}

	@Test
	void stepOfAnOrderThatWasGivenUpIsNotDone() {
		String order = this.transaction.execute((status) -> {
			String stored = store();
			this.tasker.tasks().transition(UUID.fromString(stored), TaskState.STEPS_IN_PROCESS, TaskState.ERROR, null);
			return stored;
		});
		awaitSweep();
		MessageId message = send(STEPS, reserveStock(order), Duration.ZERO);
		await().until(() -> this.rows.count("pgmq.q_worker_orders_queue where msg_id = " + message) == 0);
		assertThat(this.rows.stepHistory(order, RESERVE_STOCK)).containsExactly("pending", "enqueued");
	}

	// By an order that only the sweep can help, and that has waited no longer than
	// others.
	private void awaitSweep() {
		this.client.awaitFulfilment(store());
	}

	private String store() {
		return this.transaction.execute((status) -> {
			NewOrder order = new NewOrder("c1", "book", 2);
			UUID task = this.orchestrator.start(this.template.request(order, null), new Outbox.Messages());
			this.orders.insert(task, order);
			return task.toString();
		});
	}

	// Together, or else a sweep in between takes the message for lost.
	private Sent storeAndSendLate() {
		return this.transaction.execute((status) -> {
			String order = store();
			return new Sent(order, sendLate(STEPS, reserveStock(order)));
		});
	}

	private String otherTask() {
		TaskRequest request = TaskRequest.builder("work", "other", "1")
			.initiator("test")
			.sourceSystem("test")
			.reason("test")
			.build();
		return this.tasker.tasks().create(request).toString();
	}

	private UUID reserveStock(String order) {
		return UUID.fromString(this.rows.step(order, RESERVE_STOCK));
	}

	private MessageId sendLate(String queue, UUID step) {
		return send(queue, step, Duration.ofHours(1));
	}

	private MessageId send(String queue, UUID step, Duration delay) {
		return this.messaging.sendMessage(queue, new StepMessage(step, step, step),
				SendOptions.none().withDelay(delay));
	}

	private void delete(String table, MessageId message) {
		this.rows.update("delete from pgmq.%s where msg_id = %s".formatted(table, message));
	}

	/**
	 * An order, and the message of its first step.
	 *
	 * @param order the order
	 * @param message the message
	 */
	private record Sent(String order, MessageId message) {

	}

}
