/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

import systems.tasker.autoconfigure.workflow.DlqSweeper;
import systems.tasker.samples.orders.OrderRows.StepInProgress;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many orders on four workers, one of them in a process of its own. That process is
 * killed in the middle of a step and started again, and the server of the queues crashes
 * while orders are open.
 */
@Tag("any-postgres")
class OrderLoadIntegrationTests {

	private static final Scale SCALE = Scale
		.valueOf(System.getProperty("tasker.drills", "short").toUpperCase(Locale.ROOT));

	private static final int ORDERS = Integer.getInteger("orders.load", SCALE.orders);

	/** One order in so many is charged twice. */
	private static final int RETRY_EVERY = 25;

	private static final String FULFILLED = "tasker.tasks where complete";

	private static final String OPEN = "tasker.tasks where not complete";

	@TempDir
	private Path logs;

	@Test
	void everyOrderIsFulfilledAndEveryStepTakesEffectOnce() throws Exception {
		try (TestDatabase tasker = TaskerPostgres.shared().createEmptyDatabase();
				TaskerPostgres pgmqServer = TaskerPostgres.builder().start();
				TestDatabase queues = pgmqServer.createEmptyDatabase();
				ConfigurableApplicationContext context = OrderFulfilmentApplication
					.run(arguments(tasker, queues, 3, "--server.port=0"));
				Instance doomed = start("doomed", tasker, queues, "--orders.step-duration=60s")) {
			doomed.awaitPort();
			OrderRows rows = new OrderRows(tasker);
			try (Feeder feeder = new Feeder(context.getBean(OrderService.class), rows)) {
				int part = ORDERS / (SCALE.crashes + 1);
				long start = System.nanoTime();
				feeder.order(part);
				StepInProgress interrupted = awaitSlowStep(rows, feeder);
				doomed.kill();
				assertThat(rows.stepInProgress(interrupted.step())).hasValue(interrupted);
				try (Instance again = start("again", tasker, queues)) {
					again.awaitPort();
					for (int crash = 1; crash <= SCALE.crashes; crash++) {
						awaitFulfilled(rows, part * crash - part / 2);
						feeder.order((crash < SCALE.crashes) ? part : Math.max(ORDERS - feeder.ordered(), part / 2));
						crash(pgmqServer, rows);
					}
					feeder.await();
					awaitFulfilled(rows, feeder.ordered());
					Duration duration = Duration.ofNanos(System.nanoTime() - start);
					assertThat(rows.effects(interrupted.step())).singleElement()
						.satisfies((effect) -> assertThat(effect).startsWith("2 ")
							.doesNotContain(interrupted.worker().toString()));
					assertAllIsDone(rows, new OrderRows(queues), feeder.ordered());
					rows.assertNothingElseIsAttemptedTwice(interrupted.step());
					DlqSweeper sweeper = context.getBean(DlqSweeper.class);
					await().until(() -> sweeper.sweepCount(DlqSweeper.Outcome.DONE) > 0);
					assertThat(rows.count("tasker.tasks_dlq")).isZero();
					publish(rows, feeder.ordered(), duration);
				}
			}
		}
	}

	private static void assertAllIsDone(OrderRows rows, OrderRows queues, int orders) {
		rows.assertEveryStepTookEffectOnce();
		assertThat(rows.count("shop.effects")).isEqualTo(4L * orders);
		await().atMost(Duration.ofMinutes(1))
			.until(() -> queues.count("pgmq.q_worker_orders_queue")
					+ queues.count("pgmq.q_orchestration_step_results") == 0);
		assertThat(queues.count("pgmq.a_worker_orders_queue")).isZero();
		assertThat(queues.count("pgmq.a_orchestration_step_results")).isZero();
	}

	// The others need no time for a step. They may have done all of the first orders, so
	// more are ordered.
	private static StepInProgress awaitSlowStep(OrderRows rows, Feeder feeder) {
		return await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(500)).until(() -> {
			feeder.order(1);
			return rows.slowStep();
		}, Optional::isPresent).orElseThrow();
	}

	private static void crash(TaskerPostgres pgmqServer, OrderRows rows) {
		await().pollInterval(Duration.ofMillis(10)).until(() -> rows.count(OPEN) > 0);
		pgmqServer.crash();
		assertThat(rows.count(OPEN)).isPositive();
		String since = rows.now();
		// Long enough for work to go on without queues.
		await().pollDelay(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			assertThat(pgmqServer.isRunning()).isFalse();
			assertThat(rows.count("""
					tasker.workflow_step_transitions
					where created_at > '%s' and to_state in ('enqueued', 'enqueued_for_orchestration')"""
				.formatted(since))).isPositive();
		});
		pgmqServer.start();
	}

	private static void awaitFulfilled(OrderRows rows, int orders) {
		await().atMost(SCALE.patience)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> rows.count(FULFILLED) >= orders);
	}

	private Instance start(String name, TestDatabase tasker, TestDatabase queues, String... more) throws IOException {
		return Instance.start(this.logs.resolve(name + ".log"), arguments(tasker, queues, 1, more));
	}

	private static String[] arguments(TestDatabase tasker, TestDatabase queues, int workers, String... more) {
		return Stream
			.of(List.of("--tasker.database.url=" + tasker.url(), "--tasker.pgmq-database.url=" + queues.url(),
					"--tasker.circuit-breakers.pgmq.health-check-interval=1s", "--tasker.dlq-sweeper.interval=5s",
					"--tasker.dlq-sweeper.waiting-for-retry=5m", "--tasker.dlq-sweeper.steps-in-process=5m",
					"--tasker.dlq-sweeper.waiting-for-dependencies=5m", "--orders.workers=" + workers,
					"--logging.level.systems.tasker.samples=error"), SCALE.properties, List.of(more))
			.flatMap(List::stream)
			.toArray(String[]::new);
	}

	private static void publish(OrderRows rows, int orders, Duration duration) throws IOException {
		long fulfilled = rows.count(FULFILLED);
		String table = String.format(Locale.ROOT,
				"""
						| Orders | Seconds | Orders/s | Steps | Attempted twice | PGMQ crashes | Worker processes killed | Lost |
						|---|---|---|---|---|---|---|---|
						| %d | %.1f | %.1f | %d | %d | %d | 1 | %d |
						""",
				orders, duration.toMillis() / 1e3, fulfilled * 1e3 / duration.toMillis(), rows.count("shop.effects"),
				rows.count("tasker.workflow_steps where attempts > 1"), SCALE.crashes, orders - fulfilled);
		System.out.println(table);
		Files.writeString(Path.of("target", "load-%d.md".formatted(TaskerPostgres.shared().version())), table);
	}

	/**
	 * How many orders, and how often the server crashes.
	 */
	private enum Scale {

		SHORT(50, 1, Duration.ofMinutes(1),
				List.of("--orders.visibility-timeout=3s", "--orders.sweep.interval=500ms", "--orders.sweep.age=2s",
						"--orders.sweep.lease=10s")),

		LONG(10_000, 2, Duration.ofMinutes(30),
				List.of("--orders.visibility-timeout=10s", "--orders.sweep.interval=5s"));

		private final int orders;

		private final int crashes;

		private final Duration patience;

		private final List<String> properties;

		Scale(int orders, int crashes, Duration patience, List<String> properties) {
			this.orders = orders;
			this.crashes = crashes;
			this.patience = patience;
			this.properties = properties;
		}

	}

	/**
	 * Customers who order at the same time, as long as not too many orders are open.
	 */
	private static final class Feeder implements AutoCloseable {

		private static final int CUSTOMERS = 2;

		private final Semaphore places = new Semaphore(300);

		private final ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS);

		private final ScheduledExecutorService counter = Executors.newSingleThreadScheduledExecutor();

		private final List<Future<?>> orders = new ArrayList<>();

		private final OrderService service;

		private final OrderRows rows;

		private int fulfilled;

		Feeder(OrderService service, OrderRows rows) {
			this.service = service;
			this.rows = rows;
			this.counter.scheduleWithFixedDelay(this::freePlaces, 0, 200, TimeUnit.MILLISECONDS);
		}

		private void freePlaces() {
			int now = (int) this.rows.count(FULFILLED);
			this.places.release(now - this.fulfilled);
			this.fulfilled = now;
		}

		void order(int count) {
			for (int i = 0; i < count; i++) {
				int number = this.orders.size();
				NewOrder order = new NewOrder("c" + number, "book", (number % RETRY_EVERY == 0) ? 41 : 1);
				this.orders.add(this.customers.submit(() -> {
					this.places.acquire();
					return this.service.receive(order, null);
				}));
			}
		}

		int ordered() {
			return this.orders.size();
		}

		void await() throws Exception {
			for (Future<?> order : this.orders) {
				order.get();
			}
		}

		@Override
		public void close() {
			this.customers.shutdownNow();
			this.counter.shutdownNow();
		}

	}

}
