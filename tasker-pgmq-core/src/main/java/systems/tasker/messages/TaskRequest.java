/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * A task to create. {@link #builder} makes one.
 *
 * @param name the name of the task template
 * @param namespace the namespace of the task template
 * @param version the version of the task template
 * @param context the input of the task: anything the mapper encodes, when received made
 * of maps, lists, strings, numbers and booleans
 * @param initiator who wants the task
 * @param sourceSystem the system that asks for it
 * @param reason why it is wanted
 * @param tags labels, never {@code null}
 * @param requestedAt when it was asked for, in UTC
 * @param options what to override of the template, never {@code null}
 * @param priority −100 to 100, the highest first
 * @param correlationId ties together what belongs to one request, never {@code null}
 * @param parentCorrelationId the correlation of the task this one was made by
 * @param idempotencyKey makes a second request with the same key a duplicate
 */
@WireFormat
public record TaskRequest(String name, String namespace, String version,
		@JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Object context, String initiator, String sourceSystem,
		String reason, @JsonFormat(without = JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED) List<String> tags,
		@JsonSerialize(using = LocalDateTimeSerializer.class) LocalDateTime requestedAt,
		@JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> options,
		@JsonSerialize(using = IntegerSerializer.class) @Nullable Integer priority,
		@JsonSerialize(using = ToStringSerializer.class) UUID correlationId,
		@JsonSerialize(using = ToStringSerializer.class) @Nullable UUID parentCorrelationId,
		@Nullable String idempotencyKey) {

	private static final int MAX_PRIORITY = 100;

	/**
	 * Create a request with copies of the list and the map.
	 * @param name the name of the task template
	 * @param namespace the namespace of the task template
	 * @param version the version of the task template
	 * @param context the input of the task
	 * @param initiator who wants the task
	 * @param sourceSystem the system that asks for it
	 * @param reason why it is wanted
	 * @param tags labels, {@code null} for none
	 * @param requestedAt when it was asked for, in UTC
	 * @param options what to override of the template, {@code null} for nothing
	 * @param priority −100 to 100, the highest first
	 * @param correlationId ties together what belongs to one request, {@code null} for a
	 * new UUID of version 7
	 * @param parentCorrelationId the correlation of the task this one was made by
	 * @param idempotencyKey makes a second request with the same key a duplicate
	 * @throws IllegalArgumentException if a text or {@code requestedAt} is missing, or
	 * the priority is out of range
	 */
	public TaskRequest {
		Fields.text("name", name);
		Fields.text("namespace", namespace);
		Fields.text("version", version);
		Fields.text("initiator", initiator);
		Fields.text("source_system", sourceSystem);
		Fields.text("reason", reason);
		tags = Fields.texts("tags", tags);
		Fields.required("requested_at", requestedAt);
		options = Fields.map(options);
		if (priority != null) {
			Fields.range("priority", priority, -MAX_PRIORITY, MAX_PRIORITY);
		}
		correlationId = (correlationId != null) ? correlationId : UuidV7.create();
	}

	/**
	 * Start a request for a task.
	 * @param name the name of the task template
	 * @param namespace the namespace of the task template
	 * @param version the version of the task template
	 * @return a builder, to be given an initiator, a source system and a reason too
	 */
	public static TaskRequestBuilder builder(String name, String namespace, String version) {
		return new TaskRequestBuilder(name, namespace, version);
	}

}
