/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.util.LinuxUtils;
import org.jspecify.annotations.Nullable;

/**
 * The life cycle of one server: its processes, and the end of its files. One thread at a
 * time changes it.
 */
final class ServerControl {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final Duration RETRY_AFTER_CRASH = Duration.ofSeconds(10);

	private final ReentrantLock lock = new ReentrantLock();

	private final Installation installation;

	private final ServerHome home;

	private volatile @Nullable ProcessHandle postmaster;

	private boolean crashed;

	private boolean ended;

	ServerControl(Installation installation, ServerHome home) {
		this.installation = installation;
		this.home = home;
	}

	boolean isRunning() {
		ProcessHandle process = this.postmaster;
		return process != null && isAlive(process);
	}

	/**
	 * Start the server and wait until it accepts connections, which after a crash is when
	 * it has recovered.
	 */
	void start() {
		change("start", false, this::startProcesses);
	}

	void stop() {
		change("stop", true, () -> stopProcesses("fast"));
	}

	void stopImmediately() {
		change("stop", true, () -> stopProcesses("immediate"));
	}

	void restart() {
		change("restart", true, () -> {
			stopProcesses("fast");
			startProcesses();
		});
	}

	/**
	 * Kill all processes of the server and wait until they are gone.
	 */
	void crash() {
		change("crash", true, this::killProcesses);
	}

	/**
	 * End the server for good, whatever its state.
	 */
	void end() {
		this.lock.lock();
		try {
			if (!this.ended) {
				this.ended = true;
				endProcesses();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void endProcesses() {
		try {
			if (this.crashed) {
				// Only PostgreSQL can find the shared memory that the crash left behind.
				startProcesses();
			}
			if (isRunning()) {
				stopProcesses("immediate");
			}
		}
		finally {
			this.home.delete();
		}
	}

	private void change(String action, boolean whileRunning, Runnable change) {
		this.lock.lock();
		try {
			if (this.ended || isRunning() != whileRunning) {
				throw new IllegalStateException("Cannot %s the server: it is %s".formatted(action,
						(this.ended) ? "closed" : (whileRunning) ? "not running" : "running"));
			}
			change.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void startProcesses() {
		long deadline = System.nanoTime() + RETRY_AFTER_CRASH.toNanos();
		while (!pgCtl("start", "-l", this.home.serverLog().toString())) {
			// A process forked at the moment of the crash may hold the shared memory.
			if (!this.crashed || System.nanoTime() - deadline > 0) {
				String logs = this.home.logs();
				// It may only be late.
				pgCtl("stop", "-m", "immediate");
				throw new IllegalStateException("PostgreSQL did not start:" + logs);
			}
		}
		this.crashed = false;
		this.postmaster = findPostmaster();
	}

	private void stopProcesses(String mode) {
		if (!pgCtl("stop", "-m", mode)) {
			throw new IllegalStateException("PostgreSQL did not stop:" + this.home.logs());
		}
		this.postmaster = null;
	}

	private void killProcesses() {
		ProcessHandle process = findPostmaster();
		// The children too: a busy one would notice only when it is done.
		List<ProcessHandle> processes = Stream.concat(Stream.of(process), process.children()).toList();
		processes.forEach(ProcessHandle::destroyForcibly);
		processes.forEach(ServerControl::awaitEnd);
		this.postmaster = null;
		this.crashed = true;
		try {
			// Where nothing reaps orphans, as in many containers, the dead postmaster
			// stays a zombie, and PostgreSQL would take it for a living one.
			Files.delete(pidFile());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot delete " + pidFile(), ex);
		}
	}

	private ProcessHandle findPostmaster() {
		try (Stream<String> lines = Files.lines(pidFile())) {
			long pid = Long.parseLong(lines.findFirst().orElseThrow());
			return ProcessHandle.of(pid)
				.orElseThrow(() -> new IllegalStateException("PostgreSQL has ended by itself:" + this.home.logs()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + pidFile(), ex);
		}
	}

	private Path pidFile() {
		return this.home.data().resolve("postmaster.pid");
	}

	private static void awaitEnd(ProcessHandle process) {
		while (isAlive(process)) {
			process.onExit().completeOnTimeout(process, 10, TimeUnit.MILLISECONDS).join();
		}
	}

	// A zombie counts as alive in Java; but it runs no command.
	private static boolean isAlive(ProcessHandle process) {
		return process.isAlive() && process.info().command().isPresent();
	}

	private boolean pgCtl(String action, String... options) {
		List<String> command = new ArrayList<>();
		if (LinuxUtils.isUnshareAvailable()) {
			// PostgreSQL refuses to run as root, which it does not see from inside a user
			// namespace.
			command.addAll(List.of("unshare", "-U"));
		}
		command.add(this.installation.bin().resolve("pg_ctl").toString());
		command.add(action);
		command.addAll(List.of("-D", this.home.data().toString(), "-w", "-t", Long.toString(TIMEOUT.toSeconds())));
		command.addAll(List.of(options));
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.home.controlLog().toFile()))
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot run " + command, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while PostgreSQL was asked to " + action, ex);
		}
	}

}
