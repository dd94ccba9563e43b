/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Why a step should not be tried again at once.
 */
public enum BackoffType {

	/** A server asked for it, as with {@code Retry-After}. */
	SERVER_REQUESTED("ServerRequested"),

	/** A limit on the rate of requests was met. */
	RATE_LIMIT("RateLimit"),

	/** A service does not answer for now. */
	SERVICE_UNAVAILABLE("ServiceUnavailable"),

	/** For a reason of the step itself. */
	CUSTOM("Custom");

	private final String json;

	BackoffType(String json) {
		this.json = json;
	}

	@JsonValue
	String json() {
		return this.json;
	}

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	static BackoffType of(String json) {
		for (BackoffType type : values()) {
			if (type.json.equals(json)) {
				return type;
			}
		}
		throw new IllegalArgumentException(
				"backoff_type must be ServerRequested, RateLimit, ServiceUnavailable or Custom, but is " + json);
	}

}
