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
 * under way at a time: callers that come meanwhile share its answer, so neither a dead
 * database nor a burst of requests piles up threads or connections.
 *
 * @param <T> the type of the answer
 */
final class BoundedProbe<T> {

	private final String name;

	private final Callable<T> question;

	private final Duration timeout;

	private final AtomicReference<@Nullable FutureTask<T>> underWay = new AtomicReference<>();

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
			FutureTask<T> running = this.underWay.get();
			if (running != null && !running.isDone()) {
				return running;
			}
			FutureTask<T> next = new FutureTask<>(this.question);
			if (this.underWay.compareAndSet(running, next)) {
				Thread thread = new Thread(next, this.name);
				thread.setDaemon(true);
				thread.start();
				return next;
			}
		}
	}

}
