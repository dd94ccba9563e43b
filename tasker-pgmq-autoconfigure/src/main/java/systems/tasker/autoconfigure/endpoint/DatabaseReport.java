/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.util.Optional;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import systems.tasker.autoconfigure.database.JdbcUrls;
import systems.tasker.autoconfigure.database.PoolFigures;
import systems.tasker.autoconfigure.endpoint.DatabaseDescriptor.CircuitBreaker;
import systems.tasker.autoconfigure.endpoint.DatabaseDescriptor.Startup;
import systems.tasker.autoconfigure.resilience.CircuitBreakersProperties.Breaker;
import systems.tasker.database.DatabaseGuard;

/**
 * Where the endpoint learns about one database.
 *
 * @param pool its pool
 * @param guard what stands before it
 * @param breaker the settings of its circuit breaker, if it has one
 * @param migrations asks it for its migrations, if they are ours to apply
 * @param capabilities asks it for PGMQ, if that belongs there
 * @param startup tells what became of its start, if that can be put off
 */
record DatabaseReport(DataSource pool, DatabaseGuard guard, @Nullable Breaker breaker, @Nullable Question migrations,
		@Nullable Question capabilities, Supplier<@Nullable Startup> startup) {

	DatabaseDescriptor describe() {
		Optional<CircuitBreaker> circuitBreaker = this.guard.circuitBreakerState()
			.map((state) -> new CircuitBreaker(state, this.breaker));
		return new DatabaseDescriptor(JdbcUrls.describe(this.pool).orElse("unknown"),
				PoolFigures.of(this.pool).orElse(null), circuitBreaker.orElse(null), answer(this.migrations),
				answer(this.capabilities), this.startup.get());
	}

	private static @Nullable Object answer(@Nullable Question question) {
		return (question != null) ? question.answer() : null;
	}

}
