/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.util.Optional;

/**
 * Stands before the calls to a database and may refuse them without making them, as a
 * circuit breaker does.
 */
public interface DatabaseGuard {

	/** Lets every call through. */
	DatabaseGuard NONE = new DatabaseGuard() {

		@Override
		public <T, E extends Exception> T call(Call<T, E> call) throws E {
			return call.run();
		}

	};

	/**
	 * Make a call, unless it is refused.
	 * @param <T> the type of the result
	 * @param <E> the type of the exception
	 * @param call the call
	 * @return the result of the call
	 * @throws E if the call fails
	 * @throws systems.tasker.messaging.CircuitBreakerOpenException if the call is refused
	 */
	<T, E extends Exception> T call(Call<T, E> call) throws E;

	/**
	 * Return the state of the circuit breaker behind this guard.
	 * @return the state in lower case, such as {@code closed} or {@code open}, or nothing
	 * when there is none
	 */
	default Optional<String> circuitBreakerState() {
		return Optional.empty();
	}

	/**
	 * A call to a database.
	 *
	 * @param <T> the type of the result
	 * @param <E> the type of the exception
	 */
	@FunctionalInterface
	interface Call<T, E extends Exception> {

		/**
		 * Make the call.
		 * @return the result
		 * @throws E if it fails
		 */
		T run() throws E;

	}

}
