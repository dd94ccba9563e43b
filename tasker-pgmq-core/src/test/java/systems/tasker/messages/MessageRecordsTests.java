/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageRecordsTests {

	private static final UUID ID = UUID.fromString("0199d8f2-6c1a-7b3e-9a54-2f6c0b7d1e01");

	private static final StepExecutionMetadata METADATA = StepExecutionMetadata
		.of(Instant.parse("2024-01-01T12:00:00Z"), Instant.parse("2024-01-01T12:00:01.250Z"), true);

	@Test
	void missingIdsAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> new StepMessage(null, ID, ID))
			.withMessage("task_uuid is required");
		assertThatIllegalArgumentException().isThrownBy(() -> new StepMessage(ID, null, ID))
			.withMessage("step_uuid is required");
		assertThatIllegalArgumentException().isThrownBy(() -> new StepMessage(ID, ID, null))
			.withMessage("correlation_id is required");
		assertThatIllegalArgumentException().isThrownBy(() -> new TaskFinalizationMessage(ID, "", ID, null))
			.withMessage("namespace must not be empty");
	}

	@Test
	void aBuiltRequestHasDefaults() {
		TaskRequest request = request().build();
		assertThat(request.context()).isEqualTo(Map.of());
		assertThat(request.tags()).isEmpty();
		assertThat(request.options()).isEmpty();
		assertThat(request.priority()).isNull();
		assertThat(request.requestedAt()).isBetween(LocalDateTime.now(ZoneOffset.UTC).minusMinutes(1),
				LocalDateTime.now(ZoneOffset.UTC));
		assertThat(request.correlationId().version()).isEqualTo(7);
		assertThat(request.parentCorrelationId()).isNull();
		assertThat(request.idempotencyKey()).isNull();
	}

	@Test
	void aBuiltRequestHasWhatWasSet() {
		LocalDateTime now = LocalDateTime.parse("2024-01-01T12:00:00");
		UUID parent = UUID.randomUUID();
		assertThat(request().context(List.of(1))
			.tags("a", "b")
			.requestedAt(now)
			.options(Map.of("dry_run", true))
			.priority(-100)
			.correlationId(ID)
			.parentCorrelationId(parent)
			.idempotencyKey("key")
			.build())
			.isEqualTo(new TaskRequest("process_order", "fulfillment", "1.0.0", List.of(1), "alice", "shop",
					"New order", List.of("a", "b"), now, Map.of("dry_run", true), -100, ID, parent, "key"));
	}

	@Test
	void whatIsMissingIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> StepExecutionMetadata.of(null, Instant.EPOCH, true))
			.withMessage("started_at is required");
		assertThatIllegalArgumentException().isThrownBy(() -> StepExecutionMetadata.of(Instant.EPOCH, null, true))
			.withMessage("completed_at is required");
		assertThatIllegalArgumentException().isThrownBy(() -> request().tags("a", null).build())
			.withMessage("tags must not contain null");
		assertThatIllegalArgumentException().isThrownBy(() -> request().requestedAt(null).build())
			.withMessage("requested_at is required");
		assertThatIllegalArgumentException().isThrownBy(() -> TaskRequestMessage.of(null, "checkout"))
			.withMessage("task_request is required");
	}

	@Test
	void aRequestWithoutAnInitiatorIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TaskRequest.builder("a", "b", "c").build())
			.withMessage("initiator must not be empty");
	}

	@ParameterizedTest
	@ValueSource(ints = { -101, 101 })
	void aPriorityOutOfRangeIsRefused(int priority) {
		assertThatIllegalArgumentException().isThrownBy(() -> request().priority(priority).build())
			.withMessage("priority must be between -100 and 100, but is " + priority);
	}

	@Test
	void aRequestMessageHasAnIdAndIsOfNormalPriority() {
		TaskRequestMessage message = TaskRequestMessage.of(request().build(), "checkout");
		assertThat(UUID.fromString(message.requestId()).version()).isEqualTo(7);
		assertThat(message.metadata().requester()).isEqualTo("checkout");
		assertThat(message.metadata().priority()).isEqualTo(TaskPriority.NORMAL);
	}

	@Test
	void resultsSayWhatBecameOfTheStep() {
		StepExecutionError error = StepExecutionError.of("No money", false);
		assertThat(StepExecutionResult.completed(ID, 42, METADATA))
			.isEqualTo(new StepExecutionResult(ID, true, 42, METADATA, "", null, null));
		assertThat(StepExecutionResult.failed(ID, error, METADATA))
			.isEqualTo(new StepExecutionResult(ID, false, Map.of(), METADATA, "", error, null));
		assertThat(StepExecutionResult.error(ID, error, METADATA).status()).isEqualTo("error");
		OrchestrationMetadata hint = OrchestrationMetadata.of(new BackoffHint(BackoffType.RATE_LIMIT, 30, null));
		assertThat(StepExecutionResult.failed(ID, error, METADATA).withOrchestrationMetadata(hint))
			.isEqualTo(new StepExecutionResult(ID, false, Map.of(), METADATA, "failed", error, hint));
	}

	@Test
	void metadataIsMadeStepByStep() {
		assertThat(METADATA.withHandlerVersion("2")
			.withWorker("worker-7", "host-a")
			.withError("E1", "Type")
			.withCustom(Map.of("a", 1))
			.withContext(Map.of("b", 2)))
			.isEqualTo(new StepExecutionMetadata(1250, "2", true, METADATA.completedAt(), "worker-7", "host-a",
					METADATA.startedAt(), Map.of("a", 1), "E1", "Type", Map.of("b", 2)));
	}

	@Test
	void anExceptionBecomesAnError() {
		StepExecutionError error = StepExecutionError.of(new IllegalStateException(), true);
		assertThat(error.message()).isEqualTo("java.lang.IllegalStateException");
		assertThat(error.errorType()).isEqualTo("java.lang.IllegalStateException");
		assertThat(error.retryable()).isTrue();
		assertThat(error.backtrace()).first().asString().contains("anExceptionBecomesAnError");
		assertThat(StepExecutionError.of(new IllegalStateException("broken"), true).message()).isEqualTo("broken");
	}

	@Test
	void numbersOutOfRangeAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new StepExecutionError("", null, List.of(), true, -1, Map.of()))
			.withMessageContaining("status_code");
		assertThatIllegalArgumentException().isThrownBy(() -> new BackoffHint(BackoffType.CUSTOM, 1L << 32, null))
			.withMessageContaining("delay_seconds");
		assertThatIllegalArgumentException().isThrownBy(() -> new BackoffHint(null, 1, null))
			.withMessage("backoff_type is required");
	}

	@Test
	void collectionsAreCopiedAndCannotBeChanged() {
		Map<String, Object> custom = new HashMap<>(Map.of("a", 1));
		custom.put("nothing", null);
		StepExecutionMetadata metadata = METADATA.withCustom(custom);
		List<String> backtrace = new ArrayList<>(List.of("line"));
		StepExecutionError error = new StepExecutionError("", null, backtrace, true, null, null);
		custom.clear();
		backtrace.clear();
		assertThat(metadata.custom()).containsEntry("a", 1).containsEntry("nothing", null).isUnmodifiable();
		assertThat(error.backtrace()).containsExactly("line").isUnmodifiable();
		assertThat(error.context()).isEmpty();
	}

	@Test
	void uuidsOfVersion7BeginWithTheTime() {
		long before = System.currentTimeMillis();
		UUID id = UuidV7.create();
		assertThat(id.version()).isEqualTo(7);
		assertThat(id.variant()).isEqualTo(2);
		assertThat(id.getMostSignificantBits() >>> 16).isBetween(before, System.currentTimeMillis());
		Set<UUID> ids = Stream.generate(UuidV7::create).limit(1000).collect(Collectors.toSet());
		assertThat(ids).hasSize(1000);
	}

	private static TaskRequestBuilder request() {
		return TaskRequest.builder("process_order", "fulfillment", "1.0.0")
			.initiator("alice")
			.sourceSystem("shop")
			.reason("New order");
	}

}
