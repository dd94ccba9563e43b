/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How this instance works.
 *
 * @param workers how many steps it works on at the same time, and how many results
 * @param stepDuration how long a step takes, as it has nothing real to do
 * @param visibilityTimeout how long a batch of messages may take: after that another
 * worker gets them, too
 * @param sweep when the {@link FulfilmentSweep} steps in
 */
@ConfigurationProperties("orders")
record FulfilmentProperties(int workers, Duration stepDuration, Duration visibilityTimeout, Sweep sweep) {

	/**
	 * When something is not as it should be.
	 *
	 * @param interval how often to look
	 * @param age when a message that should have been handled is taken for lost
	 * @param lease how long a step may be in progress: after that its worker is taken for
	 * dead
	 */
	record Sweep(Duration interval, Duration age, Duration lease) {

	}

}
