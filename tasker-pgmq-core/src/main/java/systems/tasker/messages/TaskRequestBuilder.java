/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link TaskRequest}. Not safe for several threads.
 */
public final class TaskRequestBuilder {

	private final String name;

	private final String namespace;

	private final String version;

	private @Nullable Object context = Map.of();

	private String initiator = "";

	private String sourceSystem = "";

	private String reason = "";

	private List<String> tags = List.of();

	private LocalDateTime requestedAt = LocalDateTime.now(ZoneOffset.UTC);

	private Map<String, @Nullable Object> options = Map.of();

	private @Nullable Integer priority;

	private UUID correlationId = UuidV7.create();

	private @Nullable UUID parentCorrelationId;

	private @Nullable String idempotencyKey;

	TaskRequestBuilder(String name, String namespace, String version) {
		this.name = name;
		this.namespace = namespace;
		this.version = version;
	}

	/**
	 * Set the input of the task. Without one it is empty.
	 * @param context anything the mapper encodes, best as an object
	 * @return this builder
	 */
	public TaskRequestBuilder context(@Nullable Object context) {
		this.context = context;
		return this;
	}

	/**
	 * Set who wants the task. Required.
	 * @param initiator a user or a system
	 * @return this builder
	 */
	public TaskRequestBuilder initiator(String initiator) {
		this.initiator = initiator;
		return this;
	}

	/**
	 * Set the system that asks for the task. Required.
	 * @param sourceSystem the system
	 * @return this builder
	 */
	public TaskRequestBuilder sourceSystem(String sourceSystem) {
		this.sourceSystem = sourceSystem;
		return this;
	}

	/**
	 * Set why the task is wanted. Required.
	 * @param reason the reason
	 * @return this builder
	 */
	public TaskRequestBuilder reason(String reason) {
		this.reason = reason;
		return this;
	}

	/**
	 * Set labels for the task.
	 * @param tags the labels
	 * @return this builder
	 */
	public TaskRequestBuilder tags(String... tags) {
		this.tags = Arrays.asList(tags);
		return this;
	}

	/**
	 * Set when the task was asked for. Without it that is when the builder was made.
	 * @param requestedAt the time in UTC
	 * @return this builder
	 */
	public TaskRequestBuilder requestedAt(LocalDateTime requestedAt) {
		this.requestedAt = requestedAt;
		return this;
	}

	/**
	 * Set what to override of the task template.
	 * @param options the options
	 * @return this builder
	 */
	public TaskRequestBuilder options(Map<String, @Nullable Object> options) {
		this.options = options;
		return this;
	}

	/**
	 * Set the priority of the task.
	 * @param priority −100 to 100, the highest first
	 * @return this builder
	 */
	public TaskRequestBuilder priority(int priority) {
		this.priority = priority;
		return this;
	}

	/**
	 * Set what ties together all that belongs to one request. Without it that is a new
	 * UUID of version 7.
	 * @param correlationId the id
	 * @return this builder
	 */
	public TaskRequestBuilder correlationId(UUID correlationId) {
		this.correlationId = correlationId;
		return this;
	}

	/**
	 * Set the correlation of the task that this one is made by.
	 * @param parentCorrelationId the id
	 * @return this builder
	 */
	public TaskRequestBuilder parentCorrelationId(UUID parentCorrelationId) {
		this.parentCorrelationId = parentCorrelationId;
		return this;
	}

	/**
	 * Set the key that makes a second request a duplicate of this one.
	 * @param idempotencyKey the key
	 * @return this builder
	 */
	public TaskRequestBuilder idempotencyKey(String idempotencyKey) {
		this.idempotencyKey = idempotencyKey;
		return this;
	}

	/**
	 * Make the request.
	 * @return the request
	 * @throws IllegalArgumentException if something required is missing, or the priority
	 * is out of range
	 */
	public TaskRequest build() {
		return new TaskRequest(this.name, this.namespace, this.version, this.context, this.initiator, this.sourceSystem,
				this.reason, this.tags, this.requestedAt, this.options, this.priority, this.correlationId,
				this.parentCorrelationId, this.idempotencyKey);
	}

}
