/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * When a task is stale. A template may have limits of its own for the three states.
 *
 * @param waitingForDependenciesMinutes how long it may wait for dependencies
 * @param waitingForRetryMinutes how long it may wait for a retry
 * @param stepsInProcessMinutes how long its steps may be in process
 * @param maxLifetimeHours how old it may become while it is in one of these states
 * @param batchSize how many tasks to look for at once
 */
public record StalenessLimits(int waitingForDependenciesMinutes, int waitingForRetryMinutes, int stepsInProcessMinutes,
		int maxLifetimeHours, int batchSize) {

	private static final int DEFAULT_WAITING_FOR_DEPENDENCIES = 60;

	private static final int DEFAULT_WAITING_FOR_RETRY = 30;

	private static final int DEFAULT_STEPS_IN_PROCESS = 30;

	private static final int DEFAULT_MAX_LIFETIME = 24;

	private static final int DEFAULT_BATCH_SIZE = 100;

	/**
	 * Create limits.
	 * @param waitingForDependenciesMinutes how long it may wait for dependencies
	 * @param waitingForRetryMinutes how long it may wait for a retry
	 * @param stepsInProcessMinutes how long its steps may be in process
	 * @param maxLifetimeHours how old it may become
	 * @param batchSize how many tasks to look for at once
	 * @throws IllegalArgumentException if one of them is negative
	 */
	public StalenessLimits {
		Arguments.notNegative("waitingForDependenciesMinutes", waitingForDependenciesMinutes);
		Arguments.notNegative("waitingForRetryMinutes", waitingForRetryMinutes);
		Arguments.notNegative("stepsInProcessMinutes", stepsInProcessMinutes);
		Arguments.notNegative("maxLifetimeHours", maxLifetimeHours);
		Arguments.notNegative("batchSize", batchSize);
	}

	/**
	 * Return the limits of the database: 60, 30 and 30 minutes, 24 hours, 100 tasks.
	 * @return the limits
	 */
	public static StalenessLimits defaults() {
		return new StalenessLimits(DEFAULT_WAITING_FOR_DEPENDENCIES, DEFAULT_WAITING_FOR_RETRY,
				DEFAULT_STEPS_IN_PROCESS, DEFAULT_MAX_LIFETIME, DEFAULT_BATCH_SIZE);
	}

}
