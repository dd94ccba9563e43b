/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The probes of one application. All are asked together, and all answers hold until a
 * second after the last of them: the health endpoint asks its contributors one after the
 * other, and would else wait a second for each that has a dead database behind it.
 */
final class HealthProbes {

	private static final Duration FRESH = Duration.ofSeconds(1);

	private final ReentrantLock lock = new ReentrantLock();

	private final List<BoundedProbe<?>> probes = new CopyOnWriteArrayList<>();

	private long startedAt;

	<T> BoundedProbe<T> create(String name, Callable<T> question) {
		BoundedProbe<T> probe = new BoundedProbe<>(name, question, this);
		this.probes.add(probe);
		return probe;
	}

	/**
	 * Ask all, unless that was done a short while ago. Does not wait for the answers.
	 */
	void refresh() {
		this.lock.lock();
		try {
			if (!areFresh()) {
				this.startedAt = System.nanoTime();
				this.probes.forEach(BoundedProbe::start);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean areFresh() {
		return this.probes.stream().allMatch(BoundedProbe::isAsked)
				&& System.nanoTime() - this.startedAt < longestAnswer() + FRESH.toNanos();
	}

	private long longestAnswer() {
		return this.probes.stream().mapToLong(this::answerTime).max().orElse(0);
	}

	// From the common start on. Nobody waits for what takes longer than the time-out.
	private long answerTime(BoundedProbe<?> probe) {
		long timeout = BoundedProbe.TIMEOUT.toNanos();
		Long answeredAt = probe.answeredAt();
		return (answeredAt != null) ? Math.min(answeredAt - this.startedAt, timeout) : timeout;
	}

}
