/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;

import systems.tasker.autoconfigure.database.DurationRange;

/**
 * Properties of the circuit breakers. They are the only source: what is set for
 * Resilience4j, as defaults or for the instances {@code tasker} and {@code pgmq}, does
 * not change these breakers.
 *
 * @param tasker circuit breaker of the Tasker database
 * @param pgmq circuit breaker of the PGMQ database
 */
@ConfigurationProperties("tasker.circuit-breakers")
public record CircuitBreakersProperties(@DefaultValue Breaker tasker, @DefaultValue Breaker pgmq) {

	/**
	 * Check the values.
	 * @param tasker the breaker of the Tasker database
	 * @param pgmq the breaker of the PGMQ database
	 */
	public CircuitBreakersProperties {
		tasker.check("tasker.circuit-breakers.tasker.");
		pgmq.check("tasker.circuit-breakers.pgmq.");
	}

	/**
	 * Properties of one circuit breaker.
	 *
	 * @param failureThreshold consecutive outage errors that open the breaker, 1 or more
	 * @param timeout time an open breaker waits before it admits trial calls. A bare
	 * number is seconds
	 * @param successThreshold trial calls that must all succeed to close the breaker, 1
	 * or more
	 * @param healthCheckEnabled whether an open breaker asks its database in the
	 * background and closes once it answers
	 * @param healthCheckInterval time between two such questions. A bare number is
	 * seconds
	 */
	public record Breaker(@DefaultValue("5") int failureThreshold,
			@DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration timeout,
			@DefaultValue("2") int successThreshold, @DefaultValue("true") boolean healthCheckEnabled,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS) Duration healthCheckInterval) {

		private void check(String prefix) {
			check(prefix + "failure-threshold", this.failureThreshold, this.failureThreshold >= 1, "must be 1 or more");
			check(prefix + "success-threshold", this.successThreshold, this.successThreshold >= 1, "must be 1 or more");
			DurationRange.from("1ms").check(prefix + "timeout", this.timeout);
			DurationRange.from("1ms").check(prefix + "health-check-interval", this.healthCheckInterval);
		}

		private static void check(String property, Object value, boolean valid, String reason) {
			if (!valid) {
				throw new InvalidConfigurationPropertyValueException(property, value, reason);
			}
		}

	}

}
