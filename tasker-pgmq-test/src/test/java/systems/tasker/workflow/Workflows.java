/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.messages.StepExecutionError;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.TaskRequest;
import systems.tasker.messages.TaskRequestBuilder;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * A database with workflows, and what tests look at and bring about in it.
 */
final class Workflows implements AutoCloseable {

	static final UUID WORKER = UUID.fromString("0199d8f2-6c1a-7b3e-9a54-2f6c0b7d1e01");

	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private final HikariDataSource pool = new HikariDataSource();

	private final TaskerDatabase tasker;

	Workflows() {
		this(true, JsonMapper.builder());
	}

	Workflows(boolean autoCommit, JsonMapper.Builder mapper) {
		this.pool.setAutoCommit(autoCommit);
		this.pool.setDataSource(this.database.dataSource());
		this.pool.setMaximumPoolSize(12);
		this.pool.setMinimumIdle(0);
		// A test that is wrong fails instead of waiting for ever.
		this.pool.setConnectionInitSql("set lock_timeout = '20s'");
		// Ten minutes, then twenty: no pause ends while a test looks at it.
		Duration base = Duration.ofMinutes(5);
		RetryBackoff backoff = RetryBackoff.defaults();
		this.tasker = new TaskerDatabase(this.pool, mapper.build(),
				new RetryBackoff(base, backoff.multiplier(), backoff.maximum(), backoff.jitter(), () -> 0.5));
	}

	TaskerDatabase tasker() {
		return this.tasker;
	}

	HikariDataSource dataSource() {
		return this.pool;
	}

	TransactionTemplate transaction() {
		return new TransactionTemplate(new JdbcTransactionManager(this.pool));
	}

	TestDatabase database() {
		return this.database;
	}

	void execute(String sql, Object... parameters) {
		look().sql(sql).params(parameters).update();
	}

	/**
	 * Return the only row, its columns separated by " | ".
	 */
	String row(String sql, Object... parameters) {
		return rows(sql, parameters).stream().collect(Collectors.joining("\n"));
	}

	List<String> rows(String sql, Object... parameters) {
		return look().sql(sql).params(parameters).query((row, number) -> {
			List<String> columns = new ArrayList<>();
			for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
				columns.add(String.valueOf(row.getString(column)));
			}
			return String.join(" | ", columns);
		}).list();
	}

	// What a pool with autocommit off shows may not be committed.
	private JdbcClient look() {
		return JdbcClient.create(this.pool.isAutoCommit() ? this.pool : this.database.dataSource());
	}

	boolean somebodyWaitsForALock() {
		return JdbcClient.create(this.database.dataSource()).sql("""
				select exists (
				  select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
				""").query(Boolean.class).single();
	}

	long count(String table) {
		return Long.parseLong(row("select count(*) from tasker." + table));
	}

	/**
	 * Save the template "ns/work 1" with these steps.
	 */
	UUID template(StepTemplate... steps) {
		return this.tasker.templates().save(TaskTemplate.of("ns", "work", "1", steps));
	}

	static TaskTemplate diamond() {
		return TaskTemplate.of("ns", "work", "1", StepTemplate.of("a"), StepTemplate.of("b", "a"),
				StepTemplate.of("c", "a"), StepTemplate.of("d", "b", "c"));
	}

	static TaskRequestBuilder request() {
		return TaskRequest.builder("work", "ns", "1").initiator("alice").sourceSystem("shop").reason("test");
	}

	/**
	 * Create a task of the template "ns/work 1" that is like no other.
	 */
	UUID task() {
		return this.tasker.tasks().create(request().idempotencyKey(UUID.randomUUID().toString()).build());
	}

	UUID step(UUID task, String name) {
		return this.tasker.steps()
			.readiness(task)
			.stream()
			.filter((step) -> step.name().equals(name))
			.map(StepReadiness::stepUuid)
			.findFirst()
			.orElseThrow();
	}

	StepReadiness readiness(UUID task, String name) {
		return this.tasker.steps()
			.readiness(task)
			.stream()
			.filter((step) -> step.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	String state(UUID step) {
		return row("""
				select to_state from tasker.workflow_step_transitions where workflow_step_uuid = ? and most_recent
				""", step);
	}

	List<String> taskHistory(UUID task) {
		return rows("select to_state from tasker.task_transitions where task_uuid = ? order by sort_key", task);
	}

	List<String> stepHistory(UUID step) {
		return rows("""
				select to_state from tasker.workflow_step_transitions where workflow_step_uuid = ? order by sort_key
				""", step);
	}

	boolean move(UUID task, TaskState from, TaskState to) {
		return transactions().call(() -> new TaskTransitions(session()).move(task, from, to, null));
	}

	boolean move(UUID step, StepState from, StepState to, StepTransitions.Event event) {
		return transactions().call(() -> new StepTransitions(session()).move(step, from, to, event));
	}

	private TaskerTransactions transactions() {
		return new TaskerTransactions(this.pool);
	}

	private WorkflowSession session() {
		return new WorkflowSession(JdbcClient.create(this.pool), transactions(),
				new Json(JsonMapper.builder().build()));
	}

	/**
	 * Walk a task along allowed edges.
	 */
	void walk(UUID task, TaskState... states) {
		TaskState from = this.tasker.tasks().state(task).orElseThrow();
		for (TaskState to : states) {
			if (!move(task, from, to)) {
				throw new IllegalStateException(from + " -> " + to);
			}
			from = to;
		}
	}

	/**
	 * Do all that completes a step that is ready.
	 */
	void complete(UUID step) {
		this.tasker.work().report(success(step, Map.of("ok", true)), work(step), WORKER);
		this.tasker.steps().settle(step).orElseThrow();
	}

	/**
	 * Let a worker have a step that is ready, and return which attempt it is.
	 */
	int work(UUID step) {
		if (this.tasker.steps().enqueue(step).isEmpty()) {
			throw new IllegalStateException("not ready");
		}
		return this.tasker.work().claim(step, WORKER).orElseThrow().attempts();
	}

	static StepExecutionResult success(UUID step, Object result) {
		return StepExecutionResult.completed(step, result,
				StepExecutionMetadata.of(Instant.EPOCH, Instant.EPOCH.plusMillis(77), false));
	}

	static StepExecutionResult failure(UUID step, boolean retryable) {
		return StepExecutionResult.failed(step, StepExecutionError.of("No answer", retryable),
				StepExecutionMetadata.of(Instant.EPOCH, Instant.EPOCH.plusMillis(5), retryable));
	}

	/**
	 * Call the same in ten threads at the same time, and return what each returned or
	 * threw.
	 */
	static List<Object> inTenThreads(Callable<?> call) throws InterruptedException, TimeoutException {
		int threads = 10;
		CyclicBarrier start = new CyclicBarrier(threads);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> results = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				results.add(executor.submit(() -> {
					start.await();
					return call.call();
				}));
			}
			List<Object> outcomes = new ArrayList<>();
			for (Future<?> result : results) {
				try {
					outcomes.add(result.get(Duration.ofSeconds(60).toSeconds(), TimeUnit.SECONDS));
				}
				catch (ExecutionException ex) {
					outcomes.add(ex.getCause());
				}
			}
			return outcomes;
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Override
	public void close() {
		this.pool.close();
		this.database.close();
	}

}
