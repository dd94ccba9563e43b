/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The service in a process of its own.
 */
final class Instance implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	/** A machine that is busy starts a JVM slowly. */
	private static final Duration TIMEOUT = Duration.ofMinutes(3);

	private final Process process;

	private final Path log;

	private Instance(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	static Instance start(Path log, String... properties) throws IOException {
		return start(log, Map.of(), properties);
	}

	static Instance start(Path log, Map<String, String> variables, String... properties) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", System.getProperty("java.class.path"), OrderFulfilmentApplication.class.getName(),
				"--server.port=0");
		builder.command().addAll(List.of(properties));
		builder.environment().keySet().removeAll(Set.of("DATABASE_URL", "PGMQ_DATABASE_URL", "PGMQ_ENABLED"));
		builder.environment().putAll(variables);
		return new Instance(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
	}

	int awaitPort() {
		return Integer.parseInt(awaitOutput(STARTED).group(1));
	}

	Matcher awaitOutput(Pattern pattern) {
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(output()).containsPattern(pattern));
		Matcher found = pattern.matcher(output());
		assertThat(found.find()).isTrue();
		return found;
	}

	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int awaitExit() {
		assertThat(this.process.onExit()).succeedsWithin(TIMEOUT);
		return this.process.exitValue();
	}

	void terminate() {
		this.process.destroy();
	}

	/**
	 * End the process without telling it (SIGKILL).
	 */
	void kill() {
		this.process.destroyForcibly();
		awaitExit();
	}

	@Override
	public void close() {
		terminate();
		awaitExit();
	}

}
