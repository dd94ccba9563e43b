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
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Asks a question that may hang, and waits for the answer a bounded time. One question is
 * under way at a time, and its answer holds for a second: neither a dead database nor a
 * burst of requests piles up threads or connections.
 *
 * @param <T> the type of the answer
 */
public final class BoundedProbe<T> {

	private static final Duration FRESH = Duration.ofSeconds(1);

	private final String name;

	private final Callable<T> question;

	private final Duration timeout;

	private final AtomicReference<@Nullable Asked<T>> last = new AtomicReference<>();

	/**
	 * Create a probe.
	 * @param name the name of the thread that asks
	 * @param question the question
	 * @param timeout the longest wait for its answer
	 */
	public BoundedProbe(String name, Callable<T> question, Duration timeout) {
		this.name = name;
		this.question = question;
		this.timeout = timeout;
	}

	/**
	 * Ask, without waiting for the answer.
	 */
	public void begin() {
		current();
	}

	/**
	 * Ask, and wait for the answer.
	 * @return the answer
	 * @throws Exception if the question failed
	 * @throws TimeoutException if there was no answer in time
	 */
	public T ask() throws Exception {
		return ask(this.timeout);
	}

	/**
	 * Wait for the answer to what was asked with {@link #begin}.
	 * @param remaining what is left of the time for several questions; zero takes the
	 * answer if it is there
	 * @return the answer
	 * @throws Exception if the question failed
	 * @throws TimeoutException if there was no answer in time
	 */
	public T ask(Duration remaining) throws Exception {
		try {
			return current().get(remaining.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		catch (TimeoutException ex) {
			throw new TimeoutException("No answer within " + this.timeout.toMillis() + " ms");
		}
	}

	private FutureTask<T> current() {
		while (true) {
			Asked<T> asked = this.last.get();
			if (asked != null && asked.isCurrent()) {
				return asked.answer();
			}
			Asked<T> next = new Asked<>(new FutureTask<>(this.question), System.nanoTime());
			if (this.last.compareAndSet(asked, next)) {
				Thread thread = new Thread(next.answer(), this.name);
				thread.setDaemon(true);
				thread.start();
				return next.answer();
			}
		}
	}

	private record Asked<T>(FutureTask<T> answer, long nanoTime) {

		boolean isCurrent() {
			return !this.answer.isDone() || System.nanoTime() - this.nanoTime < FRESH.toNanos();
		}

	}

}
