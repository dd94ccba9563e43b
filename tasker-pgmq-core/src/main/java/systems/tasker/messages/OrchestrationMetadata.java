/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a step tells the orchestration, to decide when to try again.
 *
 * @param headers the headers of an HTTP answer, never {@code null}
 * @param errorContext what led to the result, if that is known
 * @param backoffHint when to try again, if the step knows
 * @param custom anything else, never {@code null}
 */
@WireFormat
public record OrchestrationMetadata(Map<String, String> headers, @Nullable String errorContext,
		@Nullable BackoffHint backoffHint, Map<String, @Nullable Object> custom) {

	/**
	 * Create metadata with copies of the maps.
	 * @param headers the headers of an HTTP answer, {@code null} for none
	 * @param errorContext what led to the result
	 * @param backoffHint when to try again
	 * @param custom anything else, {@code null} for nothing
	 * @throws IllegalArgumentException if a header is {@code null}
	 */
	public OrchestrationMetadata {
		headers = Fields.texts("headers", headers);
		custom = Fields.map(custom);
	}

	/**
	 * Create metadata that says no more than when to try again.
	 * @param backoffHint when to try again
	 * @return the metadata
	 */
	public static OrchestrationMetadata of(BackoffHint backoffHint) {
		return new OrchestrationMetadata(Map.of(), null, backoffHint, Map.of());
	}

}
