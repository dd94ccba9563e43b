/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Asks a question that may hang, and waits for the answer a bounded time from when it was
 * asked. One question is under way at a time, and its answer holds for a while: neither a
 * dead database nor a burst of requests piles up threads or connections.
 *
 * @param <T> the type of the answer
 */
public final class BoundedProbe<T> {

	/** The longest wait for an answer. */
	public static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final String name;

	private final Callable<T> question;

	private final BoundedProbes probes;

	private volatile @Nullable Asked<T> last;

	BoundedProbe(String name, Callable<T> question, BoundedProbes probes) {
		this.name = name;
		this.question = question;
		this.probes = probes;
	}

	/**
	 * Ask, and wait for the answer.
	 * @return the answer
	 * @throws Exception if the question failed
	 * @throws TimeoutException if there was no answer in time
	 */
	public T ask() throws Exception {
		this.probes.refresh();
		Asked<T> asked = this.last;
		if (asked == null) {
			throw new IllegalStateException("Not asked");
		}
		try {
			return asked.get(Math.max(0, TIMEOUT.toNanos() - (System.nanoTime() - asked.askedAt)),
					TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		catch (TimeoutException ex) {
			throw new TimeoutException("No answer within " + TIMEOUT.toMillis() + " ms");
		}
	}

	/**
	 * Ask the question, unless it is under way. One thread at a time does this.
	 */
	void start() {
		Asked<T> asked = this.last;
		if (asked == null || asked.isDone()) {
			Asked<T> next = new Asked<>(this.question);
			this.last = next;
			Thread thread = new Thread(next, this.name);
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Return when the last question was answered.
	 * @return the time, or {@code null} when it was not, or when there is none
	 */
	@Nullable Long answeredAt() {
		Asked<T> asked = this.last;
		return (asked != null && asked.isDone()) ? asked.answeredAt : null;
	}

	boolean isAsked() {
		return this.last != null;
	}

	private static final class Asked<T> extends FutureTask<T> {

		private final long askedAt = System.nanoTime();

		private volatile long answeredAt = this.askedAt;

		Asked(Callable<T> question) {
			super(question);
		}

		@Override
		protected void set(T answer) {
			this.answeredAt = System.nanoTime();
			super.set(answer);
		}

		@Override
		protected void setException(Throwable failure) {
			this.answeredAt = System.nanoTime();
			super.setException(failure);
		}

	}

}
