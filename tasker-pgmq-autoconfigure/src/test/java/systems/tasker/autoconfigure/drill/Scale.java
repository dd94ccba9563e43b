/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import systems.tasker.autoconfigure.drill.SplitApplication.Half;

/**
 * How long drills take, and how an application is set up for them.
 */
enum Scale {

	/** Part of each build: time-outs are cut down to what fits there. */
	SHORT(500, Duration.ofSeconds(1), Duration.ofSeconds(2)),

	/** To measure with: everything is as it is by default. */
	LONG(2000, Duration.ofSeconds(10), null);

	static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

	private static final String PROPERTY = "tasker.drills";

	private final int requests;

	private final Duration probeInterval;

	private final Duration socketTimeout;

	Scale(int requests, Duration probeInterval, Duration socketTimeout) {
		this.requests = requests;
		this.probeInterval = probeInterval;
		this.socketTimeout = socketTimeout;
	}

	static Scale current() {
		return valueOf(System.getProperty(PROPERTY, SHORT.name()).toUpperCase(Locale.ROOT));
	}

	/**
	 * Return how many calls of the half that is well make a run.
	 * @param out the half that is out
	 * @return the number, the same with and without outage; of sends, which wait for the
	 * disk, fewer than of requests
	 */
	int calls(Half out) {
		return (out == Half.PGMQ) ? this.requests : this.requests / 2;
	}

	/**
	 * Return the time between two questions of an open circuit breaker to its database.
	 * @return the time
	 */
	Duration probeInterval() {
		return this.probeInterval;
	}

	Duration acquireTimeout(Half half) {
		return (this == SHORT) ? Duration.ofSeconds(1) : half.acquireTimeout();
	}

	Duration socketTimeout(Half half) {
		return (this.socketTimeout != null) ? this.socketTimeout : half.socketTimeout();
	}

	/**
	 * Return what the address of a database ends with that is going to be silent.
	 * @return the parameters
	 */
	String parameters() {
		return (this.socketTimeout != null) ? "?socketTimeout=" + this.socketTimeout.toSeconds() : "";
	}

	List<String> properties() {
		return (this == LONG) ? List.of()
				: List.of("tasker.circuit-breakers.tasker.health-check-interval=1s",
						"tasker.circuit-breakers.pgmq.health-check-interval=1s",
						"tasker.database.pool.acquire-timeout=1s", "tasker.pgmq-database.pool.acquire-timeout=1s");
	}

}
