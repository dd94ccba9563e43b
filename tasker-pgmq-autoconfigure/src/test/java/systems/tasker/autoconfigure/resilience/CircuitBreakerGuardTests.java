/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import org.junit.jupiter.api.Test;

import systems.tasker.autoconfigure.resilience.CircuitBreakersProperties.Breaker;
import systems.tasker.messaging.CircuitBreakerOpenException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link CircuitBreakerGuard} that need no server.
 */
class CircuitBreakerGuardTests {

	private final Breaker properties = new Breaker(2, Duration.ofHours(1), 1, false, Duration.ofHours(1));

	private final CircuitBreaker breaker = CircuitBreaker.of("pgmq",
			CircuitBreakerGuard.configuration(this.properties));

	private final CircuitBreakerGuard guard = new CircuitBreakerGuard(this.breaker, this.properties);

	@Test
	void anOpenBreakerAdmitsTrialCallsWithoutAnybodyAsking() {
		Breaker quick = new Breaker(1, Duration.ofMillis(50), 1, false, Duration.ofHours(1));
		CircuitBreaker breaker = CircuitBreaker.of("quick", CircuitBreakerGuard.configuration(quick));
		breaker.transitionToOpenState();
		await().atMost(Duration.ofSeconds(5)).until(() -> breaker.getState() == State.HALF_OPEN);
	}

	@Test
	void callsThatTakeLongNeverOpenTheBreaker() {
		for (int i = 0; i < 10; i++) {
			this.breaker.onSuccess(1, TimeUnit.DAYS);
		}
		assertThat(this.breaker.getState()).isEqualTo(State.CLOSED);
	}

	@Test
	void aLateErrorOfAnEarlierCallIsNoFailedTrial() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.guard.call(() -> {
			this.breaker.transitionToOpenState();
			this.breaker.transitionToHalfOpenState();
			throw outage();
		}));
		assertThat(this.breaker.getState()).isEqualTo(State.HALF_OPEN);
	}

	@Test
	void aLateSuccessOfAnEarlierCallIsNoTrial() throws Exception {
		this.guard.call(() -> {
			this.breaker.transitionToOpenState();
			this.breaker.transitionToHalfOpenState();
			return 1;
		});
		assertThat(this.breaker.getState()).isEqualTo(State.HALF_OPEN);
	}

	@Test
	void whoIsRefusedAtTheMomentOfOpeningIsToldWhen() {
		List<CircuitBreakerOpenException> refusals = new ArrayList<>();
		CircuitBreaker breaker = CircuitBreaker.of("pgmq", CircuitBreakerGuard.configuration(this.properties));
		CircuitBreakerGuard[] guard = new CircuitBreakerGuard[1];
		// Consumers are told in order: this one before the guard knows.
		breaker.getEventPublisher()
			.onStateTransition((event) -> assertThatExceptionOfType(CircuitBreakerOpenException.class)
				.isThrownBy(() -> guard[0].call(() -> 1))
				.satisfies(refusals::add));
		guard[0] = new CircuitBreakerGuard(breaker, this.properties);
		breaker.transitionToOpenState();
		assertThat(refusals).singleElement().satisfies((ex) -> assertThat(ex.retryAt()).isAfter(Instant.now()));
	}

	@Test
	void whoIsRefusedBesidesATrialCallIsToldATimeToCome() throws Exception {
		Breaker quick = new Breaker(1, Duration.ofSeconds(1), 1, false, Duration.ofHours(1));
		CircuitBreaker breaker = CircuitBreaker.of("pgmq", CircuitBreakerGuard.configuration(quick));
		CircuitBreakerGuard guard = new CircuitBreakerGuard(breaker, quick);
		breaker.transitionToOpenState();
		await().atMost(Duration.ofSeconds(5)).until(() -> breaker.getState() == State.HALF_OPEN);
		guard.call(() -> {
			assertThatExceptionOfType(CircuitBreakerOpenException.class).isThrownBy(() -> guard.call(() -> 1))
				.satisfies((ex) -> assertThat(ex.retryAt()).isAfter(Instant.now()));
			return 1;
		});
		assertThat(breaker.getState()).isEqualTo(State.CLOSED);
	}

	@Test
	void whatWasForcedOpenByHandStaysSo() {
		this.breaker.transitionToForcedOpenState();
		assertThatExceptionOfType(CircuitBreakerOpenException.class).isThrownBy(() -> this.guard.call(() -> 1))
			.withMessageContaining("by hand")
			.satisfies((ex) -> assertThat(ex.retryAt()).isNull());
		assertThat(this.guard.recover()).isFalse();
		assertThat(this.breaker.getState()).isEqualTo(State.FORCED_OPEN);
	}

	private static SQLException outage() {
		return new SQLException("gone", "08006");
	}

}
