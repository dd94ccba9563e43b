/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Threads that call an operation over and over, and what came of each call.
 */
final class Traffic implements AutoCloseable {

	/** So many successes in a row are no coincidence. */
	private static final int STEADY = 20;

	private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

	private final Operation operation;

	private final Duration pause;

	private final Consumer<Exception> failures;

	private final List<Thread> threads;

	private volatile boolean running = true;

	/**
	 * Start the threads.
	 * @param name what they are called
	 * @param threads how many
	 * @param pause how long each rests after a call
	 * @param operation what they call
	 * @param failures is told what calls end with, when they fail
	 */
	Traffic(String name, int threads, Duration pause, Operation operation, Consumer<Exception> failures) {
		this.operation = operation;
		this.pause = pause;
		this.failures = failures;
		this.threads = IntStream.range(0, threads).mapToObj((i) -> new Thread(this::work, name + "-" + i)).toList();
		this.threads.forEach(Thread::start);
	}

	private void work() {
		while (this.running) {
			long start = System.nanoTime();
			boolean failed = false;
			try {
				this.operation.run();
			}
			catch (Exception ex) {
				failed = true;
				this.failures.accept(ex);
			}
			this.calls.add(new Call(start, System.nanoTime(), failed));
			LockSupport.parkNanos(this.pause.toNanos());
		}
	}

	/**
	 * Return what came of the calls that ended in a period.
	 * @param from the begin, in the time of {@link System#nanoTime()}
	 * @param to the end
	 * @return the figures
	 */
	Figures between(long from, long to) {
		return new Figures(endedSince(from).filter((call) -> call.end() - to < 0).toList());
	}

	Figures since(long from) {
		return new Figures(endedSince(from).toList());
	}

	private Stream<Call> endedSince(long from) {
		return this.calls.stream().filter((call) -> call.end() - from >= 0);
	}

	/**
	 * Return since when calls succeed, and go on to.
	 * @param from calls that began earlier do not count
	 * @return the end of the first of them, or -1 while there are but a few
	 */
	long succeedingSince(long from) {
		List<Call> later = this.calls.stream().filter((call) -> call.start() - from >= 0).toList();
		long lastFailure = later.stream().filter(Call::failed).mapToLong(Call::end).max().orElse(from);
		long[] successes = later.stream()
			.filter((call) -> !call.failed() && call.end() - lastFailure >= 0)
			.mapToLong(Call::end)
			.sorted()
			.toArray();
		return (successes.length >= STEADY) ? successes[0] : -1;
	}

	@Override
	public void close() {
		this.running = false;
		for (Thread thread : this.threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * What is called.
	 */
	@FunctionalInterface
	interface Operation {

		void run() throws Exception;

	}

	/**
	 * Figures about calls.
	 *
	 * @param calls the calls
	 */
	record Figures(List<Call> calls) {

		int count() {
			return this.calls.size();
		}

		long errors() {
			return this.calls.stream().filter(Call::failed).count();
		}

		Duration p99() {
			return percentile(99);
		}

		Duration max() {
			return percentile(100);
		}

		private Duration percentile(int percent) {
			long[] sorted = this.calls.stream().mapToLong((call) -> call.end() - call.start()).sorted().toArray();
			return (sorted.length > 0) ? Duration.ofNanos(sorted[Math.max(0, sorted.length * percent / 100 - 1)])
					: Duration.ZERO;
		}

	}

	private record Call(long start, long end, boolean failed) {

	}

}
