/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Probes that are asked together, and whose answers hold until a second after the last of
 * them: an endpoint that needs them one after the other would else wait a second for each
 * that has a dead database behind it.
 */
public final class BoundedProbes {

	private static final Duration FRESH = Duration.ofSeconds(1);

	private final ReentrantLock lock = new ReentrantLock();

	private final List<BoundedProbe<?>> probes = new CopyOnWriteArrayList<>();

	private long startedAt;

	/**
	 * Create a group without probes.
	 */
	public BoundedProbes() {
	}

	/**
	 * Add a probe.
	 * @param <T> the type of the answer
	 * @param name the name of the thread that asks
	 * @param question the question, which may hang
	 * @return the probe
	 */
	public <T> BoundedProbe<T> create(String name, Callable<T> question) {
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
