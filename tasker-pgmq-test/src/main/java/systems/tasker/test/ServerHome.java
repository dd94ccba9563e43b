/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

import org.springframework.util.FileSystemUtils;

/**
 * The files of one server: data, configuration and logs.
 *
 * @param path the folder, deleted with the server
 */
record ServerHome(Path path) {

	private static final Path MEMORY = Path.of("/dev/shm");

	private static final long ENOUGH_MEMORY = 2L * 1024 * 1024 * 1024;

	private static final Map<String, String> DEFAULTS = Map.of("timezone", "UTC", "max_connections", "200");

	// The log is kept small because it may be in memory.
	private static final Map<String, String> FAST = Map.of("fsync", "off", "full_page_writes", "off", "max_wal_size",
			"128MB");

	/**
	 * Create the folder of a new server.
	 * @param onDisk whether the files must be on a disk; otherwise they are kept in
	 * memory where Linux offers enough of it, which makes creating databases ten times as
	 * fast
	 * @return the folder
	 */
	static ServerHome create(boolean onDisk) {
		try {
			Path parent = (!onDisk && Files.isWritable(MEMORY)
					&& Files.getFileStore(MEMORY).getUsableSpace() > ENOUGH_MEMORY) ? MEMORY
							: Path.of(System.getProperty("java.io.tmpdir"));
			ServerHome home = new ServerHome(Files.createTempDirectory(parent, "tasker-postgres-"));
			Files.createFile(home.serverLog());
			Files.createFile(home.controlLog());
			return home;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot create a folder for a PostgreSQL server", ex);
		}
	}

	Path data() {
		return this.path.resolve("data");
	}

	Path serverLog() {
		return this.path.resolve("server.log");
	}

	Path controlLog() {
		return this.path.resolve("control.log");
	}

	/**
	 * Configure the server, which must not be running.
	 * @param port the port
	 * @param durable whether the server waits for the disk
	 * @param settings the settings that are not the default, which cannot change how the
	 * server is reached
	 */
	void configure(int port, boolean durable, Map<String, String> settings) {
		StringBuilder configuration = new StringBuilder("\n");
		DEFAULTS.forEach((name, value) -> appendSetting(configuration, name, value));
		if (!durable) {
			FAST.forEach((name, value) -> appendSetting(configuration, name, value));
		}
		settings.forEach((name, value) -> appendSetting(configuration, name, value));
		appendSetting(configuration, "port", Integer.toString(port));
		appendSetting(configuration, "listen_addresses", "127.0.0.1");
		appendSetting(configuration, "unix_socket_directories", "");
		try {
			Files.writeString(data().resolve("postgresql.conf"), configuration, StandardOpenOption.APPEND);
			Files.writeString(data().resolve("pg_hba.conf"), """
					host all postgres 127.0.0.1/32 trust
					host all all 127.0.0.1/32 scram-sha-256
					""");
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot configure the PostgreSQL server in " + this.path, ex);
		}
	}

	private static void appendSetting(StringBuilder configuration, String name, String value) {
		configuration.append("%s = '%s'%n".formatted(name, value.replace("\\", "\\\\").replace("'", "''")));
	}

	/**
	 * Return the end of what the server and its tools wrote, to explain a failure.
	 * @return indented lines, each after a line break
	 */
	String logs() {
		StringBuilder end = new StringBuilder();
		for (Path log : List.of(controlLog(), serverLog())) {
			try {
				List<String> lines = Files.readAllLines(log);
				lines.subList(Math.max(0, lines.size() - 10), lines.size())
					.forEach((line) -> end.append(System.lineSeparator()).append("    ").append(line));
			}
			catch (IOException ex) {
				end.append(System.lineSeparator()).append("    (no log: ").append(ex).append(")");
			}
		}
		return end.toString();
	}

	void delete() {
		try {
			FileSystemUtils.deleteRecursively(this.path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot delete the PostgreSQL server in " + this.path, ex);
		}
	}

}
