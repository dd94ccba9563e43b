/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.Optional;
import java.util.function.Supplier;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.CircuitBreakerOpenException;

/**
 * Refuses calls while the start of the database is deferred, as an open circuit breaker
 * does, so that they wait for no pool. Stands before the circuit breaker, if there is
 * one, which so learns nothing from calls that nobody made.
 */
final class DeferralGuard implements DatabaseGuard {

	private final DatabaseGuard guard;

	private final Supplier<Optional<String>> deferral;

	DeferralGuard(DatabaseGuard guard, Supplier<Optional<String>> deferral) {
		this.guard = guard;
		this.deferral = deferral;
	}

	@Override
	public <T, E extends Exception> T call(Call<T, E> call) throws E {
		Optional<String> reason = this.deferral.get();
		if (reason.isPresent()) {
			throw new CircuitBreakerOpenException("pgmq",
					"the database is not ready, which is tried again in the background: " + reason.get());
		}
		return this.guard.call(call);
	}

	@Override
	public Optional<String> circuitBreakerState() {
		return this.guard.circuitBreakerState();
	}

}
