/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.pgmq.PgmqMessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TaskerMessagesIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final UUID ID = UUID.fromString("0199d8f2-6c1a-7b3e-9a54-2f6c0b7d1e01");

	private TestDatabase database;

	private MessagingService messaging;

	@BeforeEach
	void connect() {
		this.database = TaskerPostgres.shared().createDatabase();
		this.messaging = new PgmqMessagingService(this.database.dataSource(), new JacksonMessageSerializer(), 10_000);
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@ParameterizedTest
	@EnumSource
	void eachMessageIsReceivedAsItWasSent(Naming naming) {
		MessageRouter router = naming.router();
		TaskerMessages messages = messages(router);
		StepMessage step = new StepMessage(ID, UUID.randomUUID(), UUID.randomUUID());
		messages.sendStep("payments", step);
		assertThat(payload(messages.receiveSteps("payments", 10, MINUTE), router.stepQueue("payments")))
			.isEqualTo(step);
		StepExecutionResult result = StepExecutionResult.completed(ID, Map.of("amount", 1999),
				StepExecutionMetadata.of(Instant.EPOCH, Instant.EPOCH.plusMillis(3), false));
		messages.sendStepResult("payments", result);
		assertThat(payload(messages.receiveStepResults("payments", 10, MINUTE), router.resultQueue("payments")))
			.isEqualTo(result);
		TaskRequestMessage request = TaskRequestMessage.of(TaskRequest.builder("charge", "payments", "1.0.0")
			.initiator("alice")
			.sourceSystem("shop")
			.reason("New order")
			.build(), "checkout");
		messages.requestTask(request);
		assertThat(payload(messages.receiveTaskRequests(10, MINUTE), "orchestration_task_requests")).isEqualTo(request);
		TaskFinalizationMessage finalization = new TaskFinalizationMessage(ID, "payments", ID, null);
		messages.finalizeTask(finalization);
		assertThat(payload(messages.receiveTaskFinalizations(10, MINUTE), "orchestration_task_finalizations"))
			.isEqualTo(finalization);
	}

	@Test
	void resultsNeedNoNamespaceWhenTheyShareAQueue() {
		TaskerMessages messages = messages(new MessageRouter());
		StepExecutionResult result = StepExecutionResult.failed(ID, StepExecutionError.of("No money", false),
				StepExecutionMetadata.of(Instant.EPOCH, Instant.EPOCH, false));
		messages.sendStepResult(result);
		assertThat(payload(messages.receiveStepResults(10, MINUTE), "orchestration_step_results")).isEqualTo(result);
	}

	@Test
	void aMessageWithoutARequiredKeyIsDeliveredAndSaysWhatIsMissing() {
		MessageRouter router = new MessageRouter();
		TaskerMessages messages = messages(router);
		this.messaging.sendMessage(router.stepQueue("payments"), Map.of("task_uuid", ID, "correlation_id", ID));
		assertThat(messages.receiveSteps("payments", 10, MINUTE)).singleElement().satisfies((message) -> {
			assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(message::payload)
				.withStackTraceContaining("step_uuid is required");
			assertThat(message.rawPayload()).contains(ID.toString());
		});
	}

	@Test
	void aQueueThatDoesNotExistIsNamed() {
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> messages(new MessageRouter()).sendStep("shipping", new StepMessage(ID, ID, ID)))
			.withMessageContaining("worker_shipping_queue");
	}

	@Test
	void theExampleOfTheDocumentationWorks() {
		TaskerMessages messages = messages(new MessageRouter());
		PaymentWorker worker = new PaymentWorker(messages, this.messaging);
		worker.requestTask(42);
		assertThat(payload(messages.receiveTaskRequests(10, MINUTE), "orchestration_task_requests").taskRequest()
			.context()).isEqualTo(Map.of("order_id", 42));
		messages.sendStep("payments", new StepMessage(ID, ID, ID));
		worker.work();
		assertThat(payload(messages.receiveStepResults(10, MINUTE), "orchestration_step_results"))
			.satisfies((result) -> assertThat(result.result()).isEqualTo(Map.of("payment_id", "pay_" + ID)));
		assertThat(this.messaging.queueStats("worker_payments_queue").length()).hasValue(0);
	}

	@Test
	void theExampleOfTheDocumentationIsTheCodeOfThisTest() throws IOException {
		Matcher snippets = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("..", "docs", "messages.md")));
		String code = Files
			.readString(Path.of("src", "test", "java", "systems", "tasker", "messages", "PaymentWorker.java"));
		assertThat(snippets.results().map((snippet) -> snippet.group(1))).isNotEmpty().allMatch(code::contains);
	}

	private TaskerMessages messages(MessageRouter router) {
		this.messaging.ensureQueues(List.of(router.stepQueue("payments"), router.resultQueue("payments"),
				router.taskRequestQueue(), router.taskFinalizationQueue()));
		return new TaskerMessages(this.messaging, router);
	}

	private static <T> T payload(List<QueuedMessage<T>> messages, String queue) {
		assertThat(messages).singleElement().satisfies((message) -> assertThat(message.queue()).isEqualTo(queue));
		return messages.get(0).payload();
	}

	enum Naming {

		WORKER {
			@Override
			MessageRouter router() {
				return new MessageRouter();
			}
		},

		DISPATCH {
			@Override
			MessageRouter router() {
				return new MessageRouter(QueueNaming.dispatch());
			}
		};

		abstract MessageRouter router();

	}

}
