/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Medians of the same call in a small and a large database, measured by turns, so that
 * what else the machine does meets both.
 *
 * @param small the median in the small database, in milliseconds
 * @param large the median in the large one
 */
record Timing(double small, double large) {

	private static final int WARM_UP = 20;

	static Timing alternating(int rounds, Call small, Call large) throws SQLException {
		return alternating(rounds, System::nanoTime, small, System::nanoTime, large);
	}

	static Timing alternating(int rounds, LongSupplier smallClock, Call small, LongSupplier largeClock, Call large)
			throws SQLException {
		double[] smallTimes = new double[rounds];
		double[] largeTimes = new double[rounds];
		for (int round = -WARM_UP; round < rounds; round++) {
			double smallTime = milliseconds(smallClock, small);
			double largeTime = milliseconds(largeClock, large);
			if (round >= 0) {
				smallTimes[round] = smallTime;
				largeTimes[round] = largeTime;
			}
		}
		return new Timing(median(smallTimes), median(largeTimes));
	}

	double ratio() {
		return this.large / this.small;
	}

	/**
	 * Return the cells of a Markdown row.
	 */
	String cells() {
		return String.format(Locale.ROOT, "%.2f ms | %.2f ms | %.1f×", this.small, this.large, ratio());
	}

	private static double milliseconds(LongSupplier clock, Call call) throws SQLException {
		long start = clock.getAsLong();
		call.run();
		return (clock.getAsLong() - start) / 1_000_000.0;
	}

	private static double median(double[] times) {
		Arrays.sort(times);
		return times[times.length / 2];
	}

	/**
	 * What is measured.
	 */
	@FunctionalInterface
	interface Call {

		void run() throws SQLException;

	}

}
