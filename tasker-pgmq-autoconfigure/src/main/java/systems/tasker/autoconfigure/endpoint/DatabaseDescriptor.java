/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import org.jspecify.annotations.Nullable;

import systems.tasker.autoconfigure.database.PoolFigures;
import systems.tasker.autoconfigure.resilience.CircuitBreakersProperties;

/**
 * What the endpoint tells about one database. What does not exist is {@code null}, and
 * left out.
 *
 * @param url the address without credentials and parameters, or {@code unknown}
 * @param pool the figures of its pool
 * @param circuitBreaker its circuit breaker
 * @param migrations a {@code MigrationHistory}, or an {@link Unreadable}
 * @param capabilities a {@code PgmqCapabilities}, or an {@link Unreadable}
 * @param startup whether PGMQ is ready
 */
record DatabaseDescriptor(@Nullable String url, @Nullable PoolFigures pool, @Nullable CircuitBreaker circuitBreaker,
		@Nullable Object migrations, @Nullable Object capabilities, @Nullable Startup startup) {

	static DatabaseDescriptor disabled() {
		return new DatabaseDescriptor(null, null, null, null, null, new Startup("disabled", null));
	}

	/**
	 * A circuit breaker.
	 *
	 * @param state its state in lower case
	 * @param settings its settings
	 */
	record CircuitBreaker(String state, CircuitBreakersProperties.@Nullable Breaker settings) {

	}

	/**
	 * What became of the start of the PGMQ database.
	 *
	 * @param state {@code complete}, {@code deferred} or {@code disabled}
	 * @param reason why it is deferred
	 */
	record Startup(String state, @Nullable String reason) {

	}

	/**
	 * Stands for what the database did not tell.
	 *
	 * @param error why, without secrets
	 */
	record Unreadable(String error) {

	}

}
