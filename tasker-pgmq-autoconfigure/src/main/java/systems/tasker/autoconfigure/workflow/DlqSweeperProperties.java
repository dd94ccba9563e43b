/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;

import systems.tasker.autoconfigure.database.DurationRange;
import systems.tasker.workflow.StalenessLimits;

/**
 * Properties of the DLQ sweeper.
 *
 * @param enabled whether this application moves stale tasks to the DLQ
 * @param interval time between two sweeps and before the first one, 1ms or more. A bare
 * number is seconds
 * @param batchSize how many tasks to move in one transaction, 1 or more
 * @param waitingForDependencies how long a task may wait for dependencies unless its
 * template says otherwise, in whole minutes. A bare number is seconds
 * @param waitingForRetry how long a task may wait for a retry unless its template says
 * otherwise, in whole minutes. A bare number is seconds
 * @param stepsInProcess how long the steps of a task may be in process unless its
 * template says otherwise, in whole minutes. A bare number is seconds
 * @param maxLifetime how old a task may become that waits or has steps in process, in
 * whole hours. A bare number is seconds
 */
@ConfigurationProperties("tasker.dlq-sweeper")
public record DlqSweeperProperties(@DefaultValue("false") boolean enabled,
		@DefaultValue("5m") @DurationUnit(ChronoUnit.SECONDS) Duration interval, @DefaultValue("100") int batchSize,
		@DefaultValue("60m") @DurationUnit(ChronoUnit.SECONDS) Duration waitingForDependencies,
		@DefaultValue("30m") @DurationUnit(ChronoUnit.SECONDS) Duration waitingForRetry,
		@DefaultValue("30m") @DurationUnit(ChronoUnit.SECONDS) Duration stepsInProcess,
		@DefaultValue("24h") @DurationUnit(ChronoUnit.SECONDS) Duration maxLifetime) {

	private static final String PREFIX = "tasker.dlq-sweeper.";

	/**
	 * Check the values.
	 * @param enabled whether this application sweeps
	 * @param interval time between two sweeps
	 * @param batchSize how many tasks to move in one transaction
	 * @param waitingForDependencies how long a task may wait for dependencies
	 * @param waitingForRetry how long a task may wait for a retry
	 * @param stepsInProcess how long its steps may be in process
	 * @param maxLifetime how old it may become
	 */
	public DlqSweeperProperties {
		DurationRange.from("1ms").check(PREFIX + "interval", interval);
		check("batch-size", batchSize, batchSize >= 1, "must be 1 or more");
		checkWhole("waiting-for-dependencies", waitingForDependencies, ChronoUnit.MINUTES);
		checkWhole("waiting-for-retry", waitingForRetry, ChronoUnit.MINUTES);
		checkWhole("steps-in-process", stepsInProcess, ChronoUnit.MINUTES);
		checkWhole("max-lifetime", maxLifetime, ChronoUnit.HOURS);
	}

	private static void checkWhole(String property, Duration value, ChronoUnit unit) {
		long count = value.dividedBy(unit.getDuration());
		check(property, value, count >= 1 && count <= Integer.MAX_VALUE && value.equals(Duration.of(count, unit)),
				"must be whole %s, from 1 to 2,147,483,647".formatted(unit.toString().toLowerCase(Locale.ROOT)));
	}

	private static void check(String property, Object value, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + property, value, reason);
		}
	}

	StalenessLimits limits() {
		return new StalenessLimits((int) this.waitingForDependencies.toMinutes(),
				(int) this.waitingForRetry.toMinutes(), (int) this.stepsInProcess.toMinutes(),
				(int) this.maxLifetime.toHours(), this.batchSize);
	}

}
