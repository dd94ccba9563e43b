/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * What went wrong in a step.
 *
 * @param message says it in words
 * @param errorType the type of the error, if any
 * @param backtrace the lines of the stack trace, never {@code null}
 * @param retryable whether another attempt can help
 * @param statusCode the HTTP status, if there was one, 0 to 65,535
 * @param context more about the error, never {@code null}
 */
@WireFormat
public record StepExecutionError(String message, @Nullable String errorType,
		@JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonFormat(
				without = JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED) List<String> backtrace,
		boolean retryable, @JsonSerialize(using = IntegerSerializer.class) @Nullable Integer statusCode,
		@JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> context) {

	private static final int MAX_STATUS_CODE = 65_535;

	/**
	 * Create an error with copies of the list and the map.
	 * @param message says it in words
	 * @param errorType the type of the error
	 * @param backtrace the lines of the stack trace, {@code null} for none
	 * @param retryable whether another attempt can help
	 * @param statusCode the HTTP status
	 * @param context more about the error, {@code null} for nothing
	 * @throws IllegalArgumentException if {@code message} is {@code null} or the status
	 * code is out of range
	 */
	public StepExecutionError {
		Fields.required("message", message);
		backtrace = Fields.texts("backtrace", backtrace);
		if (statusCode != null) {
			Fields.range("status_code", statusCode, 0, MAX_STATUS_CODE);
		}
		context = Fields.map(context);
	}

	/**
	 * Create an error of which no more than a message is known.
	 * @param message says it in words
	 * @param retryable whether another attempt can help
	 * @return the error
	 */
	public static StepExecutionError of(String message, boolean retryable) {
		return new StepExecutionError(message, null, List.of(), retryable, null, Map.of());
	}

	/**
	 * Create an error from an exception: its message, its class and its stack trace.
	 * Causes are left out.
	 * @param exception the exception
	 * @param retryable whether another attempt can help
	 * @return the error
	 */
	public static StepExecutionError of(Throwable exception, boolean retryable) {
		String type = exception.getClass().getName();
		String message = (exception.getMessage() != null) ? exception.getMessage() : type;
		List<String> backtrace = Arrays.stream(exception.getStackTrace()).map(StackTraceElement::toString).toList();
		return new StepExecutionError(message, type, backtrace, retryable, null, Map.of());
	}

}
