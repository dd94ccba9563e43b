/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.sql.SQLException;

import systems.tasker.test.TaskerPostgres;

/**
 * What more tasks cost those who look for work: discovery and the readiness of one task,
 * in a small and in a large database.
 */
final class DiscoveryBenchmark {

	private final TaskerPostgres server;

	private final int small;

	private final int large;

	private final int rounds;

	DiscoveryBenchmark(TaskerPostgres server, int small, int large, int rounds) {
		this.server = server;
		this.small = small;
		this.large = large;
		this.rounds = rounds;
	}

	/**
	 * Measure.
	 * @return a table of medians and ratios, and the plans
	 */
	String run() throws SQLException {
		StringBuilder table = new StringBuilder("""
				| Tasks | Call | %,d tasks | %,d tasks | Ratio |
				|---|---|---|---|---|
				""".formatted(this.small, this.large));
		StringBuilder plans = new StringBuilder();
		boolean processorTime = false;
		for (TaskMix mix : TaskMix.values()) {
			try (TaskDatabase few = new TaskDatabase(this.server, mix, this.small);
					TaskDatabase many = new TaskDatabase(this.server, mix, this.large)) {
				Timing discovery = Timing.alternating(this.rounds, few.clock()::nanoseconds, few::discover,
						many.clock()::nanoseconds, many::discover);
				Timing readiness = Timing.alternating(this.rounds, few.clock()::nanoseconds, few::askForReadiness,
						many.clock()::nanoseconds, many::askForReadiness);
				processorTime = few.clock().countsProcessorTime();
				table.append("| %s | `get_next_ready_tasks(10)` | %s |%n".formatted(mix.title(), discovery.cells()))
					.append("| %s | `get_step_readiness_status` | %s |%n".formatted(mix.title(), readiness.cells()));
				plans.append("%n%s, %,d tasks:%n%n%s%n".formatted(mix.title(), this.large, many.plan()));
			}
		}
		return table
			.append("%nMedians of the %s.%n".formatted((processorTime) ? "server's processor time" : "elapsed time"))
			.append(plans)
			.toString();
	}

}
