/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.Optional;
import java.util.Set;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.CircuitBreakerOpenException;

/**
 * Refuses calls while a circuit breaker waits for its database, and lets them go past it
 * otherwise: work in the background says nothing about the calls of the application. It
 * must neither open nor close the breaker, nor take the place of a trial call.
 */
final class PausedGuard implements DatabaseGuard {

	private static final Set<String> WAITING = Set.of("open", "forced_open", "half_open");

	private final DatabaseGuard breaker;

	PausedGuard(DatabaseGuard breaker) {
		this.breaker = breaker;
	}

	@Override
	public <T, E extends Exception> T call(Call<T, E> call) throws E {
		if (this.breaker.circuitBreakerState().filter(WAITING::contains).isPresent()) {
			throw new CircuitBreakerOpenException("pgmq", "no background work is done until it is closed");
		}
		return call.run();
	}

	@Override
	public Optional<String> circuitBreakerState() {
		return this.breaker.circuitBreakerState();
	}

}
