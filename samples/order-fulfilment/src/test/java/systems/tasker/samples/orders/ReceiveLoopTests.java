/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.messages.StepMessage;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageHeaders;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessagePayload;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.timeout;

@ExtendWith({ MockitoExtension.class, OutputCaptureExtension.class })
class ReceiveLoopTests {

	private static final int TIMEOUT = 10_000;

	private static final String QUEUE = "worker_orders_queue";

	private final QueuedMessage<StepMessage> first = message(1, 1);

	private final QueuedMessage<StepMessage> second = message(2, 1);

	@Mock
	private MessagingService messaging;

	@Mock
	private Consumer<StepMessage> handler;

	private ReceiveLoop<StepMessage> loop;

	@BeforeEach
	void twoMessagesWait() {
		this.loop = loop(List.of(this.first, this.second));
	}

	@AfterEach
	void stop() {
		this.loop.stop();
		assertThat(this.loop.isRunning()).isFalse();
	}

	@Test
	void whatIsHandledIsAcknowledgedTogether() {
		this.loop.start();
		awaitAcknowledgement(List.of(this.first, this.second));
	}

	@Test
	void messageThatAnotherHandledIsNoFailure(CapturedOutput output) {
		given(this.messaging.ackMessages(QUEUE, handles(List.of(this.first, this.second))))
			.willReturn(List.of(this.first.handle()));
		this.loop.start();
		awaitAcknowledgement(List.of(this.first, this.second));
		this.loop.stop();
		assertThat(output).contains("took too long").doesNotContain(" WARN ");
	}

	@Test
	void messageThatAnotherHandledCannotBeGivenBackEither(CapturedOutput output) {
		willThrow(new IllegalStateException("no stock")).given(this.handler).accept(this.first.payload());
		willThrow(new MessageNotFoundException(QUEUE, this.first.handle())).given(this.messaging)
			.nackMessage(QUEUE, this.first.handle(), Duration.ofSeconds(2));
		this.loop.start();
		awaitAcknowledgement(List.of(this.second));
		assertThat(output).contains("Message 1 took too long").doesNotContain("cannot be used");
	}

	@Test
	void errorCountsAsAFailureOfItsMessage(CapturedOutput output) {
		willThrow(new StackOverflowError()).given(this.handler).accept(this.first.payload());
		this.loop.start();
		awaitAcknowledgement(List.of(this.second));
		then(this.messaging).should().nackMessage(QUEUE, this.first.handle(), Duration.ofSeconds(2));
		assertThat(output).contains("Message 1 of " + QUEUE + " failed 1 times", "StackOverflowError");
	}

	@Test
	void messageThatFailsTooOftenIsPutAside() {
		QueuedMessage<StepMessage> tenth = message(3, 10);
		willThrow(new IllegalStateException("no stock")).given(this.handler).accept(tenth.payload());
		this.loop = loop(List.of(tenth, this.second));
		this.loop.start();
		awaitAcknowledgement(List.of(this.second));
		then(this.messaging).should().nackMessage(QUEUE, tenth.handle(), false);
	}

	@Test
	void messageIsNotPutAsideBecauseOfAnOutage() {
		QueuedMessage<StepMessage> tenth = message(3, 10);
		willThrow(new CannotGetJdbcConnectionException("The Tasker database is away")).given(this.handler)
			.accept(tenth.payload());
		this.loop = loop(List.of(tenth, this.second));
		this.loop.start();
		awaitAcknowledgement(List.of(this.second));
		then(this.messaging).should().nackMessage(QUEUE, tenth.handle(), Duration.ofSeconds(60));
	}

	@Test
	void interruptLeftBehindIsNoRequestToStop() {
		willAnswer((invocation) -> {
			Thread.currentThread().interrupt();
			return null;
		}).given(this.handler).accept(this.first.payload());
		this.loop.start();
		awaitAcknowledgement(List.of(this.first, this.second));
	}

	private void awaitAcknowledgement(List<QueuedMessage<StepMessage>> messages) {
		then(this.messaging).should(timeout(TIMEOUT)).ackMessages(QUEUE, handles(messages));
	}

	private static List<ReceiptHandle> handles(List<QueuedMessage<StepMessage>> messages) {
		return messages.stream().map(QueuedMessage::handle).toList();
	}

	private ReceiveLoop<StepMessage> loop(List<QueuedMessage<StepMessage>> messages) {
		Iterator<List<QueuedMessage<StepMessage>>> batches = List.of(messages).iterator();
		return new ReceiveLoop<>(QUEUE, 1, (max) -> batches.hasNext() ? batches.next() : List.of(), this.handler,
				this.messaging);
	}

	private static QueuedMessage<StepMessage> message(long id, int receiveCount) {
		UUID uuid = new UUID(0, id);
		MessagePayload<StepMessage> payload = MessagePayload.decode(
				"{\"task_uuid\":\"%1$s\",\"step_uuid\":\"%1$s\",\"correlation_id\":\"%1$s\"}".formatted(uuid),
				StepMessage.class, new JacksonMessageSerializer(JsonMapper.shared()));
		return new QueuedMessage<>(QUEUE, new MessageId(id), new ReceiptHandle(Long.toString(id)), receiveCount,
				Instant.EPOCH, Instant.EPOCH, MessageHeaders.none(), payload);
	}

}
