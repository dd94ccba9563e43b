/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * When to try a step again.
 *
 * @param backoffType why to wait
 * @param delaySeconds how long to wait, in seconds, 0 to 4,294,967,295
 * @param context more about the reason, if anything
 */
@WireFormat
public record BackoffHint(BackoffType backoffType, @JsonSerialize(using = IntegerSerializer.class) long delaySeconds,
		@Nullable String context) {

	private static final long MAX_DELAY_SECONDS = 4_294_967_295L;

	/**
	 * Create a hint.
	 * @param backoffType why to wait
	 * @param delaySeconds how long to wait, in seconds
	 * @param context more about the reason
	 * @throws IllegalArgumentException if {@code backoffType} is {@code null} or the
	 * delay is out of range
	 */
	public BackoffHint {
		Fields.required("backoff_type", backoffType);
		Fields.range("delay_seconds", delaySeconds, 0, MAX_DELAY_SECONDS);
	}

}
