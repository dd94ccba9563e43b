/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DisabledMessagingServiceTests {

	private static final MessagingService service = MessagingService.disabled("Messaging is switched off");

	private static final ReceiptHandle handle = new ReceiptHandle("1");

	@ParameterizedTest
	@MethodSource("calls")
	void refusesEachCallAndSaysWhy(ThrowingCallable call) {
		assertThatExceptionOfType(MessagingDisabledException.class).isThrownBy(call)
			.withMessageStartingWith("Messaging is switched off")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
	}

	static Stream<ThrowingCallable> calls() {
		return Stream.of(() -> service.ensureQueue("q"), () -> service.ensureQueues(List.of("q")),
				() -> service.verifyQueues(List.of("q")), () -> service.sendMessage("q", 1),
				() -> service.sendMessage("q", 1, SendOptions.none()), () -> service.sendBatch("q", List.of()),
				() -> service.sendBatch("q", List.of(1), SendOptions.none()),
				() -> service.receiveMessages("q", Integer.class, 1, Duration.ZERO),
				() -> service.receiveMessage("q", Integer.class, new MessageId(1), Duration.ZERO),
				() -> service.ackMessage("q", handle), () -> service.ackMessages("q", List.of()),
				() -> service.nackMessage("q", handle, true), () -> service.nackMessage("q", handle, Duration.ZERO),
				() -> service.extendVisibility("q", handle, Duration.ZERO),
				() -> service.extendVisibility("q", List.of(), Duration.ZERO), () -> service.queueStats("q"));
	}

	@Test
	void isNotHealthyForTheReasonGiven() {
		HealthReport report = service.healthCheck();
		assertThat(report.healthy()).isFalse();
		assertThat(report.detail()).startsWith("Messaging is switched off");
	}

	@Test
	void isNamedDisabled() {
		assertThat(service.providerName()).isEqualTo("disabled");
	}

}
