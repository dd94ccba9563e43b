/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * How a step ran.
 *
 * @param executionTimeMs how long it took, in milliseconds
 * @param handlerVersion the version of the handler, if it has one
 * @param retryable whether another attempt can help
 * @param completedAt when it ended
 * @param workerId names the worker, if known
 * @param workerHostname the host of the worker, if known
 * @param startedAt when it began, if known
 * @param custom anything the handler adds, never {@code null}
 * @param errorCode the code of what went wrong, if anything
 * @param errorType the type of what went wrong, if anything
 * @param context what the orchestration may decide on, never {@code null}
 */
@WireFormat
public record StepExecutionMetadata(@JsonSerialize(using = IntegerSerializer.class) long executionTimeMs,
		@Nullable String handlerVersion, boolean retryable,
		@JsonSerialize(using = ToStringSerializer.class) Instant completedAt, @Nullable String workerId,
		@Nullable String workerHostname, @JsonSerialize(using = ToStringSerializer.class) @Nullable Instant startedAt,
		Map<String, @Nullable Object> custom, @Nullable String errorCode, @Nullable String errorType,
		Map<String, @Nullable Object> context) {

	/**
	 * Create metadata with copies of the maps.
	 * @param executionTimeMs how long it took, in milliseconds
	 * @param handlerVersion the version of the handler
	 * @param retryable whether another attempt can help
	 * @param completedAt when it ended
	 * @param workerId names the worker
	 * @param workerHostname the host of the worker
	 * @param startedAt when it began
	 * @param custom anything the handler adds, {@code null} for nothing
	 * @param errorCode the code of what went wrong
	 * @param errorType the type of what went wrong
	 * @param context what the orchestration may decide on, {@code null} for nothing
	 * @throws IllegalArgumentException if {@code completedAt} is {@code null}
	 */
	public StepExecutionMetadata {
		Fields.required("completed_at", completedAt);
		custom = Fields.map(custom);
		context = Fields.map(context);
	}

	/**
	 * Create metadata of a run between two points in time.
	 * @param startedAt when it began
	 * @param completedAt when it ended
	 * @param retryable whether another attempt can help
	 * @return the metadata
	 * @throws IllegalArgumentException if one of the points in time is {@code null}
	 */
	public static StepExecutionMetadata of(Instant startedAt, Instant completedAt, boolean retryable) {
		Fields.required("started_at", startedAt);
		Fields.required("completed_at", completedAt);
		return new StepExecutionMetadata(Duration.between(startedAt, completedAt).toMillis(), null, retryable,
				completedAt, null, null, startedAt, Map.of(), null, null, Map.of());
	}

	/**
	 * Return this metadata with the version of the handler.
	 * @param handlerVersion the version
	 * @return the new metadata
	 */
	public StepExecutionMetadata withHandlerVersion(String handlerVersion) {
		return new StepExecutionMetadata(this.executionTimeMs, handlerVersion, this.retryable, this.completedAt,
				this.workerId, this.workerHostname, this.startedAt, this.custom, this.errorCode, this.errorType,
				this.context);
	}

	/**
	 * Return this metadata with the worker that ran the step.
	 * @param workerId names the worker
	 * @param workerHostname the host of the worker
	 * @return the new metadata
	 */
	public StepExecutionMetadata withWorker(String workerId, @Nullable String workerHostname) {
		return new StepExecutionMetadata(this.executionTimeMs, this.handlerVersion, this.retryable, this.completedAt,
				workerId, workerHostname, this.startedAt, this.custom, this.errorCode, this.errorType, this.context);
	}

	/**
	 * Return this metadata with a classification of what went wrong.
	 * @param errorCode the code
	 * @param errorType the type
	 * @return the new metadata
	 */
	public StepExecutionMetadata withError(@Nullable String errorCode, @Nullable String errorType) {
		return new StepExecutionMetadata(this.executionTimeMs, this.handlerVersion, this.retryable, this.completedAt,
				this.workerId, this.workerHostname, this.startedAt, this.custom, errorCode, errorType, this.context);
	}

	/**
	 * Return this metadata with other metadata of the handler.
	 * @param custom the metadata
	 * @return the new metadata
	 */
	public StepExecutionMetadata withCustom(Map<String, @Nullable Object> custom) {
		return new StepExecutionMetadata(this.executionTimeMs, this.handlerVersion, this.retryable, this.completedAt,
				this.workerId, this.workerHostname, this.startedAt, custom, this.errorCode, this.errorType,
				this.context);
	}

	/**
	 * Return this metadata with what the orchestration may decide on.
	 * @param context the context
	 * @return the new metadata
	 */
	public StepExecutionMetadata withContext(Map<String, @Nullable Object> context) {
		return new StepExecutionMetadata(this.executionTimeMs, this.handlerVersion, this.retryable, this.completedAt,
				this.workerId, this.workerHostname, this.startedAt, this.custom, this.errorCode, this.errorType,
				context);
	}

}
