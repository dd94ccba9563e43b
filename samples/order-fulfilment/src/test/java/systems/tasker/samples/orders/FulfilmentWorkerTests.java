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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessagePayload;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.timeout;

@ExtendWith({ MockitoExtension.class, OutputCaptureExtension.class })
class FulfilmentWorkerTests {

	private static final int TIMEOUT = 10_000;

	private final QueuedMessage<FulfilOrder> first = message(1);

	private final QueuedMessage<FulfilOrder> second = message(2);

	@Mock
	private MessagingService messagingService;

	@Mock
	private OrderService orders;

	private FulfilmentWorker worker;

	@BeforeEach
	void twoMessagesWait() {
		given(this.messagingService.receiveMessages(eq(FulfilOrder.QUEUE), eq(FulfilOrder.class), anyInt(), any()))
			.willReturn(List.of(this.first, this.second))
			.willReturn(List.of());
		this.worker = new FulfilmentWorker(this.messagingService, this.orders);
	}

	@AfterEach
	void stop() {
		this.worker.stop();
		assertThat(this.worker.isRunning()).isFalse();
	}

	@Test
	void messageThatAnotherHandledDoesNotEndTheBatch(CapturedOutput output) {
		willThrow(new MessageNotFoundException(FulfilOrder.QUEUE, this.first.handle())).given(this.messagingService)
			.ackMessage(FulfilOrder.QUEUE, this.first.handle());
		this.worker.start();
		awaitAcknowledgement(this.second);
		assertThat(output).contains("Message 1 took too long").doesNotContain(" WARN ");
	}

	@Test
	void messageThatAnotherHandledCannotBeGivenBackEither(CapturedOutput output) {
		willThrow(new IllegalStateException("no stock")).given(this.orders).fulfil(order(this.first));
		willThrow(new MessageNotFoundException(FulfilOrder.QUEUE, this.first.handle())).given(this.messagingService)
			.nackMessage(FulfilOrder.QUEUE, this.first.handle(), Duration.ofSeconds(2));
		this.worker.start();
		awaitAcknowledgement(this.second);
		assertThat(output).contains("Message 1 took too long").doesNotContain("cannot be used");
	}

	@Test
	void errorCountsAsAFailureOfItsMessage(CapturedOutput output) {
		willThrow(new StackOverflowError()).given(this.orders).fulfil(order(this.first));
		this.worker.start();
		awaitAcknowledgement(this.second);
		then(this.messagingService).should().nackMessage(FulfilOrder.QUEUE, this.first.handle(), Duration.ofSeconds(2));
		assertThat(output).contains("Message 1 failed 1 times", "StackOverflowError");
	}

	@Test
	void interruptLeftBehindIsNoRequestToStop() {
		willAnswer((invocation) -> {
			Thread.currentThread().interrupt();
			return true;
		}).given(this.orders).fulfil(order(this.first));
		this.worker.start();
		awaitAcknowledgement(this.second);
	}

	private void awaitAcknowledgement(QueuedMessage<FulfilOrder> message) {
		then(this.messagingService).should(timeout(TIMEOUT)).ackMessage(FulfilOrder.QUEUE, message.handle());
	}

	private static UUID order(QueuedMessage<FulfilOrder> message) {
		return message.payload().orderId();
	}

	private static QueuedMessage<FulfilOrder> message(long id) {
		MessagePayload<FulfilOrder> payload = MessagePayload.decode("{\"orderId\":\"%s\"}".formatted(new UUID(0, id)),
				FulfilOrder.class, new JacksonMessageSerializer(JsonMapper.shared()));
		return new QueuedMessage<>(FulfilOrder.QUEUE, new MessageId(id), new ReceiptHandle(Long.toString(id)), 1,
				Instant.EPOCH, Instant.EPOCH, Map.of(), payload);
	}

}
