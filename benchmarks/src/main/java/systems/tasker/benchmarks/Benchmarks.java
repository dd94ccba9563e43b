/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.sql.SQLException;
import java.time.Duration;

import systems.tasker.test.TaskerPostgres;

/**
 * Runs the benchmark that is named on the command line and prints Markdown.
 */
public final class Benchmarks {

	private Benchmarks() {
	}

	/**
	 * Run a benchmark.
	 * @param args {@code discovery} or {@code messaging}
	 * @throws SQLException if a database fails
	 * @throws InterruptedException if the thread is interrupted
	 * @throws IllegalArgumentException if no benchmark has this name
	 */
	public static void main(String[] args) throws SQLException, InterruptedException {
		String name = (args.length == 1) ? args[0] : "";
		switch (name) {
			case "discovery" -> {
				try (TaskerPostgres server = TaskerPostgres.builder().setting("shared_buffers", "1GB").start()) {
					System.out.println(new DiscoveryBenchmark(server, 1_000, 100_000, 101).run());
				}
			}
			case "messaging" -> {
				try (TaskerPostgres server = TaskerPostgres.builder().durable().start()) {
					System.out.println(new MessagingBenchmark(server, Duration.ofSeconds(1), 3, 100_000).run());
				}
			}
			default -> throw new IllegalArgumentException("Say which benchmark to run: discovery or messaging");
		}
	}

}
