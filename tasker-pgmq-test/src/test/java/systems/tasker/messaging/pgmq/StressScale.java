/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.Locale;

/**
 * How long the stress test takes.
 */
enum StressScale {

	/** Part of each build. */
	SHORT(10_000, Duration.ofMillis(200)),

	/** With the profile {@code drills}. */
	LONG(200_000, Duration.ofSeconds(1));

	private static final String PROPERTY = "tasker.drills";

	private final int messages;

	private final Duration killInterval;

	StressScale(int messages, Duration killInterval) {
		this.messages = messages;
		this.killInterval = killInterval;
	}

	static StressScale current() {
		return valueOf(System.getProperty(PROPERTY, SHORT.name()).toUpperCase(Locale.ROOT));
	}

	int messages() {
		return this.messages;
	}

	Duration killInterval() {
		return this.killInterval;
	}

}
