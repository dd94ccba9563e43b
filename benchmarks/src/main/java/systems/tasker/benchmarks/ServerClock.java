/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The processor time that the server has spent on a connection, which other work on the
 * machine disturbs less than elapsed time. Only Linux tells it; elsewhere this is elapsed
 * time.
 *
 * @param schedule the file in which the kernel counts
 */
record ServerClock(Path schedule) {

	static ServerClock of(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
			row.next();
			return new ServerClock(Path.of("/proc", row.getString(1), "schedstat"));
		}
	}

	boolean countsProcessorTime() {
		return Files.isReadable(this.schedule);
	}

	long nanoseconds() {
		if (!countsProcessorTime()) {
			return System.nanoTime();
		}
		try {
			return Long.parseLong(Files.readString(this.schedule).split(" ")[0]);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + this.schedule, ex);
		}
	}

}
