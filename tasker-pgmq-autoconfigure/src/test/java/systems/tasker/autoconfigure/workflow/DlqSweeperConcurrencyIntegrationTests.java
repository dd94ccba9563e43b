/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import systems.tasker.autoconfigure.workflow.DlqSweeper.Outcome;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.StaleTaskAction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for sweeps that others get in the way of, each begun by the test.
 */
@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class DlqSweeperConcurrencyIntegrationTests {

	private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('tasker.dlq_sweep', 0))";

	// The common pool may have one thread only.
	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AutoClose
	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private final JdbcClient jdbc = JdbcClient.create(this.database.dataSource());

	private final StaleTasks tasks = new StaleTasks(this.database);

	private final DlqSweeper sweeper = new DlqSweeper(new DlqSweeperProperties(true, Duration.ofMinutes(5), 2,
			Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1), Duration.ofDays(1)));

	@Test
	void taskThatAnotherProgramMovesMeanwhileIsNoNews(CapturedOutput output) throws SQLException {
		UUID task = this.tasks.create("2 hours");
		try (Session other = new Session()) {
			other.run("select count(*) from tasker.detect_and_transition_stale_tasks(false)");
			CompletableFuture<Void> sweep = CompletableFuture.runAsync(this::sweep, this.threads);
			awaitWaiting(1);
			other.commit();
			sweep.join();
		}
		sweep();
		assertThat(this.sweeper.swept(StaleTaskAction.TRANSITION_FAILED)).isOne();
		assertThat(output).doesNotContain(task.toString());
	}

	@Test
	void sweepThatLosesTheLockAfterABatchIsDone(CapturedOutput output) throws SQLException {
		UUID stuck = this.tasks.create("9 hours");
		this.tasks.create(2);
		this.tasks.refuseToMove(List.of(stuck));
		try (Session first = new Session(); Session second = new Session()) {
			first.run("select count(*) from (select from tasker.tasks for update) t");
			CompletableFuture<Void> sweep = CompletableFuture.runAsync(this::sweep, this.threads);
			awaitWaiting(1);
			// Who waits for the lock has it before the sweep can ask for it again.
			CompletableFuture<Void> next = CompletableFuture.runAsync(() -> second.run(LOCK), this.threads);
			awaitWaiting(2);
			first.commit();
			sweep.join();
			next.join();
			assertThat(this.tasks.entries()).isOne();
			assertThat(this.sweeper.sweepCount(Outcome.DONE)).isOne();
			sweep();
			assertThat(this.sweeper.sweepCount(Outcome.SKIPPED)).isOne();
		}
		assertThat(output).doesNotContain("could neither");
		sweep();
		sweep();
		assertThat(this.tasks.entries()).isEqualTo(2);
		assertThat(warningsAbout(stuck, output)).hasSize(1);
	}

	// All sweeps fail in their second batch.
	@Test
	void stuckTaskIsToldOnceThoughNoSweepComesToItsEnd(CapturedOutput output) {
		UUID stuck = this.tasks.create("9 hours");
		UUID last = this.tasks.create("2 hours");
		this.tasks.refuseToMove(List.of(stuck));
		this.jdbc.sql("""
				create function public.fail() returns trigger language plpgsql as
				'begin raise exception ''not now''; end'""").update();
		this.jdbc.sql("""
				create constraint trigger fail after insert on tasker.tasks_dlq deferrable initially deferred
				for each row when (new.task_uuid = '%s') execute function public.fail()""".formatted(last)).update();
		for (int sweep = 1; sweep <= 4; sweep++) {
			this.tasks.create("3 hours");
			assertThatException().isThrownBy(this::sweep).withStackTraceContaining("not now");
			assertThat(this.tasks.entries()).isEqualTo(sweep);
			assertThat(warningsAbout(stuck, output)).hasSize((sweep == 1) ? 0 : 1);
		}
		assertThat(this.sweeper.sweepCount(Outcome.FAILED)).isEqualTo(4);
	}

	private void sweep() {
		this.sweeper.work().once().accept(this.database.dataSource());
	}

	private void awaitWaiting(int sessions) {
		await().until(() -> this.jdbc.sql("""
				select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
				""").query(Integer.class).single() == sessions);
	}

	private static List<String> warningsAbout(UUID task, CapturedOutput output) {
		return output.getOut()
			.lines()
			.filter((line) -> line.contains("WARN") && line.contains(task.toString()))
			.toList();
	}

	/**
	 * A transaction.
	 */
	private final class Session implements AutoCloseable {

		private final Connection connection;

		Session() throws SQLException {
			this.connection = DlqSweeperConcurrencyIntegrationTests.this.database.dataSource().getConnection();
			this.connection.setAutoCommit(false);
		}

		void run(String query) {
			JdbcClient.create(new SingleConnectionDataSource(this.connection, true)).sql(query).query().listOfRows();
		}

		void commit() throws SQLException {
			this.connection.commit();
		}

		@Override
		public void close() throws SQLException {
			this.connection.close();
		}

	}

}
