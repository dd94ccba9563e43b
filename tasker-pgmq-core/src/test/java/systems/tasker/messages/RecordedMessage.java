/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of a message as other services write it.
 */
enum RecordedMessage {

	STEP("step-message", StepMessage.class),

	TASK_REQUEST("task-request-message", TaskRequestMessage.class),

	TASK_REQUEST_MINIMAL("task-request-message-minimal", TaskRequestMessage.class),

	STEP_RESULT("step-execution-result", StepExecutionResult.class),

	STEP_RESULT_FAILED("step-execution-result-failed", StepExecutionResult.class),

	STEP_RESULT_MINIMAL("step-execution-result-minimal", StepExecutionResult.class),

	TASK_FINALIZATION("task-finalization-message", TaskFinalizationMessage.class),

	TASK_FINALIZATION_MINIMAL("task-finalization-message-minimal", TaskFinalizationMessage.class);

	private final String file;

	private final Class<?> type;

	RecordedMessage(String file, Class<?> type) {
		this.file = file + ".json";
		this.type = type;
	}

	Class<?> type() {
		return this.type;
	}

	String json() {
		try (InputStream resource = RecordedMessage.class.getResourceAsStream(this.file)) {
			return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	ObjectNode tree() {
		return (ObjectNode) parse(json());
	}

	static JsonNode parse(String json) {
		return JsonMapper.shared().readTree(json);
	}

}
