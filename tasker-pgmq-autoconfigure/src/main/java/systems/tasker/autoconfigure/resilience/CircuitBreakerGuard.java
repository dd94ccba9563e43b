/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
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

	private volatile @Nullable String refusal;

	CircuitBreakerGuard(CircuitBreaker breaker, Breaker properties) {
		this.breaker = breaker;
		this.properties = properties;
		breaker.getEventPublisher().onStateTransition((event) -> {
			if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
				this.retryAt = event.getCreationTime().toInstant().plus(properties.timeout());
			}
		});
		// Resilience4j would let half of the trial calls fail.
		breaker.getEventPublisher().onError((event) -> {
			if (breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
				breaker.transitionToOpenState();
			}
		});
	}

	/**
	 * Make the properties a configuration. The last calls decide, as many as must fail in
	 * a row, and all of them must have failed.
	 * @param builder the configuration to complete
	 * @param properties the properties
	 */
	static void configure(CircuitBreakerConfig.Builder builder, Breaker properties) {
		builder
			.slidingWindow(properties.failureThreshold(), properties.failureThreshold(),
					CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
			.failureRateThreshold(100)
			.waitDurationInOpenState(properties.timeout())
			.permittedNumberOfCallsInHalfOpenState(properties.successThreshold())
			.recordException(DatabaseAvailability::isOutage);
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
		long start = System.nanoTime();
		try {
			T result = call.run();
			this.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
			return result;
		}
		catch (Throwable ex) {
			this.breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, ex);
			throw ex;
		}
	}

	private CircuitBreakerOpenException refused() {
		Instant retryAt = this.retryAt;
		// A breaker that is forced open, here or by hand, has no time.
		return (retryAt == null || this.breaker.getState() == CircuitBreaker.State.FORCED_OPEN)
				? new CircuitBreakerOpenException(this.breaker.getName(),
						Objects.requireNonNullElse(this.refusal, "somebody has opened it by hand"))
				: new CircuitBreakerOpenException(this.breaker.getName(), retryAt);
	}

	@Override
	public void refuseCalls(String reason) {
		this.refusal = reason;
		if (this.breaker.getState() != CircuitBreaker.State.FORCED_OPEN) {
			this.breaker.transitionToForcedOpenState();
		}
	}

	@Override
	public void admitCalls() {
		boolean refusing = this.refusal != null;
		this.refusal = null;
		if (refusing && this.breaker.getState() == CircuitBreaker.State.FORCED_OPEN) {
			this.breaker.transitionToClosedState();
		}
	}

}
