/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many orders on four workers, one of them in a process of its own. While they are
 * worked, the server of the queues crashes and that process is killed.
 */
@Tag("any-postgres")
class OrderLoadIntegrationTests {

	private static final Scale SCALE = Scale
		.valueOf(System.getProperty("tasker.drills", "short").toUpperCase(Locale.ROOT));

	private static final int ORDERS = Integer.getInteger("orders.load", SCALE.orders);

	/** One order in so many is charged twice. */
	private static final int RETRY_EVERY = 25;

	@TempDir
	private Path logs;

	@Test
	void everyOrderIsFulfilledAndEveryStepTakesEffectOnce() throws Exception {
		try (TestDatabase tasker = TaskerPostgres.shared().createEmptyDatabase();
				TaskerPostgres pgmqServer = TaskerPostgres.builder().start();
				TestDatabase queues = pgmqServer.createEmptyDatabase();
				ConfigurableApplicationContext context = OrderFulfilmentApplication
					.run(arguments(tasker, queues, 3, "--server.port=0"));
				Instance instance = Instance.start(this.logs.resolve("instance.log"),
						arguments(tasker, queues, 1, "--orders.step-duration=50ms"))) {
			instance.awaitPort();
			OrderRows rows = new OrderRows(tasker);
			long start = System.nanoTime();
			int crashes = 0;
			try (Feeder feeder = new Feeder(context.getBean(OrderService.class))) {
				for (double part : SCALE.crashesAt) {
					awaitFulfilled(rows, part);
					pgmqServer.crash();
					crashes++;
					// Long enough for work to go on without queues.
					awaitRecovery(pgmqServer);
					if (crashes == 1) {
						awaitWorker(rows);
						instance.kill();
					}
				}
				feeder.await();
			}
			awaitFulfilled(rows, 1);
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			rows.assertEveryStepTookEffectOnce();
			OrderRows queueRows = new OrderRows(queues);
			await().atMost(Duration.ofMinutes(1)).until(() -> waiting(queueRows) == 0);
			assertThat(rows.count("tasker.tasks_dlq")).isZero();
			assertThat(queueRows.count("pgmq.a_worker_orders_queue")).isZero();
			assertThat(queueRows.count("pgmq.a_orchestration_step_results")).isZero();
			assertThat(rows.count("tasker.workflow_steps where attempts > 1"))
				.isGreaterThanOrEqualTo(ORDERS / RETRY_EVERY);
			publish(rows, duration, crashes);
		}
	}

	private static long waiting(OrderRows queues) {
		return queues.count("pgmq.q_worker_orders_queue") + queues.count("pgmq.q_orchestration_step_results");
	}

	// Two workers have done something: one of each process.
	private static void awaitWorker(OrderRows rows) {
		await().atMost(Duration.ofMinutes(1))
			.until(() -> rows.count("(select distinct worker_uuid from shop.effects) w") == 2);
	}

	private static void awaitRecovery(TaskerPostgres pgmqServer) {
		await().pollDelay(Duration.ofSeconds(2)).until(() -> !pgmqServer.isRunning());
		pgmqServer.start();
	}

	private static void awaitFulfilled(OrderRows rows, double part) {
		await().atMost(SCALE.patience)
			.pollInterval(Duration.ofMillis(500))
			.until(() -> rows.count("tasker.tasks where complete") >= Math.round(ORDERS * part));
	}

	private static String[] arguments(TestDatabase tasker, TestDatabase queues, int workers, String... more) {
		return Stream.concat(
				Stream.of("--tasker.database.url=" + tasker.url(), "--tasker.pgmq-database.url=" + queues.url(),
						"--orders.workers=" + workers, "--logging.level.systems.tasker.samples=error"),
				Stream.concat(SCALE.properties.stream(), List.of(more).stream()))
			.toArray(String[]::new);
	}

	private static void publish(OrderRows rows, Duration duration, int crashes) throws IOException {
		long fulfilled = rows.count("tasker.tasks where complete");
		String table = String.format(Locale.ROOT, """
				| Orders | Seconds | Orders/s | Steps | Retries | PGMQ crashes | Workers killed | Lost |
				|---|---|---|---|---|---|---|---|
				| %d | %.1f | %.1f | %d | %d | %d | 1 | %d |
				""", ORDERS, duration.toMillis() / 1e3, fulfilled * 1e3 / duration.toMillis(),
				rows.count("shop.effects"), rows.count("tasker.workflow_steps where attempts > 1"), crashes,
				ORDERS - fulfilled);
		System.out.println(table);
		Files.writeString(Path.of("target", "load-%d.md".formatted(TaskerPostgres.shared().version())), table);
	}

	/**
	 * How many orders, and when the server crashes.
	 */
	private enum Scale {

		SHORT(50, Duration.ofMinutes(1), List.of(0.2),
				List.of("--orders.visibility-timeout=3s", "--orders.sweep.interval=500ms", "--orders.sweep.age=2s",
						"--orders.sweep.lease=5s")),

		LONG(10_000, Duration.ofMinutes(30), List.of(0.2, 0.6), List.of());

		private final int orders;

		private final Duration patience;

		private final List<Double> crashesAt;

		private final List<String> properties;

		Scale(int orders, Duration patience, List<Double> crashesAt, List<String> properties) {
			this.orders = orders;
			this.patience = patience;
			this.crashesAt = crashesAt;
			this.properties = properties;
		}

	}

	/**
	 * Customers who order at the same time.
	 */
	private static final class Feeder implements AutoCloseable {

		private static final int CUSTOMERS = 2;

		private final ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS);

		private final List<Future<?>> orders;

		Feeder(OrderService service) {
			this.orders = IntStream.range(0, ORDERS)
				.<Future<?>>mapToObj((number) -> this.customers.submit(() -> service.receive(order(number), null)))
				.toList();
		}

		private static NewOrder order(int number) {
			return new NewOrder("c" + number, "book", (number % RETRY_EVERY == 0) ? 41 : 1);
		}

		void await() throws Exception {
			for (Future<?> order : this.orders) {
				order.get();
			}
		}

		@Override
		public void close() {
			this.customers.shutdownNow();
		}

	}

}
