/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that do the same thing for a while.
 *
 * @param threads how many
 * @param duration how long
 */
record Load(int threads, Duration duration) {

	/**
	 * Return how many calls a second all threads made together.
	 * @throws IllegalStateException if a call fails
	 */
	double rate(Operation operation) throws InterruptedException {
		ExecutorService executor = Executors.newFixedThreadPool(this.threads);
		try {
			long start = System.nanoTime();
			Callable<Long> thread = () -> {
				long calls = 0;
				while (System.nanoTime() - start < this.duration.toNanos()) {
					operation.run();
					calls++;
				}
				return calls;
			};
			List<Callable<Long>> all = new ArrayList<>();
			for (int i = 0; i < this.threads; i++) {
				all.add(thread);
			}
			long calls = 0;
			for (Future<Long> result : executor.invokeAll(all)) {
				calls += result.get();
			}
			return calls * 1e9 / (System.nanoTime() - start);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A call failed", ex);
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * What is done.
	 */
	@FunctionalInterface
	interface Operation {

		void run() throws Exception;

	}

}
