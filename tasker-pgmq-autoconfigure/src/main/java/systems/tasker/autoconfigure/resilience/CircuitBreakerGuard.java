/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.jspecify.annotations.Nullable;

import systems.tasker.autoconfigure.resilience.CircuitBreakersProperties.Breaker;
import systems.tasker.database.DatabaseAvailability;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.CircuitBreakerOpenException;

/**
 * A {@link DatabaseGuard} that is a circuit breaker.
 */
final class CircuitBreakerGuard implements DatabaseGuard {

	private final CircuitBreaker breaker;

	private final Breaker properties;

	private volatile @Nullable Instant retryAt;

	CircuitBreakerGuard(CircuitBreaker breaker, Breaker properties) {
		this.breaker = breaker;
		this.properties = properties;
		breaker.getEventPublisher().onStateTransition((event) -> {
			if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
				this.retryAt = event.getCreationTime().toInstant().plus(properties.timeout());
			}
		});
	}

	/**
	 * Make the properties a configuration. The last calls decide, as many as must fail in
	 * a row, and all of them must have failed; how long they take says nothing. An open
	 * breaker admits trial calls by time alone: with readiness down there is no traffic
	 * that could ask it.
	 * @param properties the properties
	 * @return the configuration, which owes nothing to that of Resilience4j
	 */
	static CircuitBreakerConfig configuration(Breaker properties) {
		return CircuitBreakerConfig.custom()
			.slidingWindow(properties.failureThreshold(), properties.failureThreshold(),
					CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
			.failureRateThreshold(100)
			.slowCallDurationThreshold(Duration.ofNanos(Long.MAX_VALUE))
			.waitDurationInOpenState(properties.timeout())
			.automaticTransitionFromOpenToHalfOpenEnabled(true)
			.permittedNumberOfCallsInHalfOpenState(properties.successThreshold())
			.recordException(DatabaseAvailability::isOutage)
			.build();
	}

	CircuitBreaker breaker() {
		return this.breaker;
	}

	Breaker properties() {
		return this.properties;
	}

	@Override
	public Optional<String> circuitBreakerState() {
		return Optional.of(this.breaker.getState().name().toLowerCase(Locale.ROOT));
	}

	@Override
	public <T, E extends Exception> T call(Call<T, E> call) throws E {
		if (!this.breaker.tryAcquirePermission()) {
			throw refused();
		}
		CircuitBreaker.State admittedIn = this.breaker.getState();
		long start = System.nanoTime();
		try {
			T result = call.run();
			if (counts(admittedIn)) {
				this.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
			}
			return result;
		}
		catch (Throwable ex) {
			if (counts(admittedIn)) {
				this.breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, ex);
				reopenAfterTrial(admittedIn, ex);
			}
			throw ex;
		}
	}

	// What began before the breaker opened is no trial call, however late it ends.
	private boolean counts(CircuitBreaker.State admittedIn) {
		return admittedIn == CircuitBreaker.State.HALF_OPEN
				|| this.breaker.getState() != CircuitBreaker.State.HALF_OPEN;
	}

	// Resilience4j would let some of the trial calls fail.
	private synchronized void reopenAfterTrial(CircuitBreaker.State admittedIn, Throwable failure) {
		if (admittedIn == CircuitBreaker.State.HALF_OPEN && this.breaker.getState() == CircuitBreaker.State.HALF_OPEN
				&& DatabaseAvailability.isOutage(failure)) {
			this.breaker.transitionToOpenState();
		}
	}

	private CircuitBreakerOpenException refused() {
		CircuitBreaker.State state = this.breaker.getState();
		if (state == CircuitBreaker.State.FORCED_OPEN) {
			return new CircuitBreakerOpenException(this.breaker.getName(), "somebody has opened it by hand");
		}
		// Not known while trial calls are under way, nor before the event of the opening.
		Instant now = Instant.now();
		Instant retryAt = this.retryAt;
		return new CircuitBreakerOpenException(this.breaker.getName(),
				(state == CircuitBreaker.State.OPEN && retryAt != null && retryAt.isAfter(now)) ? retryAt
						: now.plus(this.properties.timeout()));
	}

	/**
	 * Close the breaker if it waits for the database, and not if somebody else has
	 * changed it meanwhile.
	 * @return whether it has been closed
	 */
	synchronized boolean recover() {
		if (!isWaiting()) {
			return false;
		}
		this.breaker.transitionToClosedState();
		return true;
	}

	/**
	 * Return whether the breaker waits for the database to come back.
	 * @return {@code true} in the states open and half-open
	 */
	boolean isWaiting() {
		CircuitBreaker.State state = this.breaker.getState();
		return state == CircuitBreaker.State.OPEN || state == CircuitBreaker.State.HALF_OPEN;
	}

}
