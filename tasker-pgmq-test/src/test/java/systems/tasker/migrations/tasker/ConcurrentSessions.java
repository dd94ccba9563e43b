/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.awaitility.Awaitility.await;

/**
 * A database of its own with sessions that see what others commit.
 */
final class ConcurrentSessions implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final TaskerSchema schema = TaskerSchema.create();

	private final JdbcTemplate observer = this.schema.owner();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<TaskerSession> sessions = new ArrayList<>();

	private final String zone;

	ConcurrentSessions(String zone) {
		this.zone = zone;
	}

	TaskerSession open() {
		return open(TaskerSchema.ROLE);
	}

	TaskerSession open(String role) {
		TaskerSession session = this.schema.session(role, this.zone);
		this.sessions.add(session);
		return session;
	}

	/**
	 * Begin a call, and return when it waits for a lock.
	 */
	<T> CompletableFuture<T> waiting(TaskerSession session, Function<TaskerSession, T> call) {
		int process = session.value(Integer.class, "select pg_backend_pid()");
		CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> call.apply(session), this.threads);
		await().atMost(PATIENCE)
			.failFast("the call did not wait", result::isDone)
			.until(() -> this.observer.queryForObject("select count(*) from pg_locks where pid = ? and not granted",
					Integer.class, process) > 0);
		return result;
	}

	/**
	 * Run the same in some sessions at the same time, until all are done.
	 */
	void inParallel(int sessions, Consumer<TaskerSession> work) {
		List<CompletableFuture<Void>> results = new ArrayList<>();
		for (int session = 0; session < sessions; session++) {
			TaskerSession own = open();
			results.add(CompletableFuture.runAsync(() -> work.accept(own), this.threads));
		}
		CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
			.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
			.join();
	}

	static <T> T result(CompletableFuture<T> call) {
		return call.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	@Override
	public void close() {
		this.sessions.forEach(TaskerSession::close);
		this.threads.shutdownNow();
		this.schema.close();
	}

}
