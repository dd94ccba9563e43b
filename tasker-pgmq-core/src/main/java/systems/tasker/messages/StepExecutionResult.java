/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * What became of a step.
 *
 * @param stepUuid the step
 * @param success whether the step did its work
 * @param result what the step produced: anything the mapper encodes, when received made
 * of maps, lists, strings, numbers and booleans
 * @param metadata how the step ran
 * @param status {@code completed}, {@code failed} or {@code error}. Says no more than
 * {@code success} to a reader; what else a sender writes is kept as it is
 * @param error what went wrong, if anything
 * @param orchestrationMetadata hints for the orchestration, if any
 */
@WireFormat
public record StepExecutionResult(@JsonSerialize(using = ToStringSerializer.class) UUID stepUuid, boolean success,
		@JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Object result, StepExecutionMetadata metadata, String status,
		@Nullable StepExecutionError error, @Nullable OrchestrationMetadata orchestrationMetadata) {

	/**
	 * Create a result.
	 * @param stepUuid the step
	 * @param success whether the step did its work
	 * @param result what the step produced
	 * @param metadata how the step ran
	 * @param status the status, {@code null} or blank for the one that follows from
	 * {@code success}
	 * @param error what went wrong, if anything
	 * @param orchestrationMetadata hints for the orchestration, if any
	 * @throws IllegalArgumentException if {@code stepUuid} or {@code metadata} is
	 * {@code null}
	 */
	public StepExecutionResult {
		Fields.required("step_uuid", stepUuid);
		Fields.required("metadata", metadata);
		if (status == null || status.isBlank()) {
			status = success ? "completed" : "failed";
		}
	}

	/**
	 * Create the result of a step that did its work.
	 * @param stepUuid the step
	 * @param result what the step produced
	 * @param metadata how the step ran
	 * @return the result
	 */
	public static StepExecutionResult completed(UUID stepUuid, @Nullable Object result,
			StepExecutionMetadata metadata) {
		return new StepExecutionResult(stepUuid, true, result, metadata, "completed", null, null);
	}

	/**
	 * Create the result of a step that could not do its work.
	 * @param stepUuid the step
	 * @param error what went wrong
	 * @param metadata how the step ran
	 * @return the result
	 */
	public static StepExecutionResult failed(UUID stepUuid, StepExecutionError error, StepExecutionMetadata metadata) {
		return new StepExecutionResult(stepUuid, false, Map.of(), metadata, "failed", error, null);
	}

	/**
	 * Create the result of a step that was not even run: a failure of the worker, not of
	 * the step.
	 * @param stepUuid the step
	 * @param error what went wrong
	 * @param metadata how far it came
	 * @return the result
	 */
	public static StepExecutionResult error(UUID stepUuid, StepExecutionError error, StepExecutionMetadata metadata) {
		return new StepExecutionResult(stepUuid, false, Map.of(), metadata, "error", error, null);
	}

	/**
	 * Return this result with hints for the orchestration.
	 * @param orchestrationMetadata the hints
	 * @return the new result
	 */
	public StepExecutionResult withOrchestrationMetadata(OrchestrationMetadata orchestrationMetadata) {
		return new StepExecutionResult(this.stepUuid, this.success, this.result, this.metadata, this.status, this.error,
				orchestrationMetadata);
	}

}
