/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import systems.tasker.autoconfigure.drill.QueueTraffic.Account;
import systems.tasker.autoconfigure.drill.SplitApplication.Half;
import systems.tasker.test.TaskerPostgres;

/**
 * The table of all drills of this JVM, in {@code target/drills-<version>.md}.
 */
final class DrillReport {

	private static final String HEADER = """
			| Drill | Sent | Received | Lost | Unknown (arrived) | Redelivered | Errors of the other half \
			| Its p99 before / during | Its longest call | Longest call of the half that is out | Slowest health \
			| Breaker closed after | Calls succeed after |
			|---|---|---|---|---|---|---|---|---|---|---|---|---|
			""";

	private static final List<Row> rows = new CopyOnWriteArrayList<>();

	private DrillReport() {
	}

	static void add(Row row) {
		rows.add(row);
	}

	/**
	 * Show and write all rows.
	 */
	static void publish() {
		String table = HEADER + rows.stream()
			.sorted(Comparator.comparing(Row::drill))
			.map(Row::line)
			.collect(Collectors.joining(System.lineSeparator()));
		System.out.println(table);
		try {
			Files.writeString(Path.of("target", "drills-%d.md".formatted(TaskerPostgres.shared().version())), table);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What came of a drill.
	 *
	 * @param drill the name
	 * @param half the half that was out
	 * @param account the account of the messages
	 * @param errors the errors of the other half
	 * @param quietP99 the 99th percentile of its calls before the outage
	 * @param outageP99 the 99th percentile of its calls in the outage
	 * @param outageMax the longest of its calls in the outage
	 * @param longestCall the longest call of the half that was out
	 * @param slowestHealth the longest time that health took to answer
	 * @param closed the time until the circuit breaker was closed
	 * @param success the time until calls succeeded, and went on to
	 */
	record Row(String drill, Half half, Account account, long errors, Duration quietP99, Duration outageP99,
			Duration outageMax, Duration longestCall, Duration slowestHealth, Duration closed, Duration success) {

		String line() {
			return "| %s | %d | %d | %d | %d (%d) | %d | %d | %s / %s | %s | %s | %s | %s | %s |".formatted(this.drill,
					this.account.sent(), this.account.received(), this.account.lost(), this.account.unknown(),
					this.account.arrived(), this.account.redelivered(), this.errors, milliseconds(this.quietP99),
					milliseconds(this.outageP99), milliseconds(this.outageMax), seconds(this.longestCall),
					seconds(this.slowestHealth), seconds(this.closed), seconds(this.success));
		}

		private static String milliseconds(Duration duration) {
			return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
		}

		private static String seconds(Duration duration) {
			return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
		}

	}

}
