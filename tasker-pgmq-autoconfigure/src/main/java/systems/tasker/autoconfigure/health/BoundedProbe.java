/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

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
final class BoundedProbe<T> {

	private static final Duration FRESH = Duration.ofSeconds(1);

	private final String name;

	private final Callable<T> question;

	private final Duration timeout;

	private final AtomicReference<@Nullable Asked<T>> last = new AtomicReference<>();

	BoundedProbe(String name, Callable<T> question, Duration timeout) {
		this.name = name;
		this.question = question;
		this.timeout = timeout;
	}

	T ask() throws Exception {
		try {
			return current().get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
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
