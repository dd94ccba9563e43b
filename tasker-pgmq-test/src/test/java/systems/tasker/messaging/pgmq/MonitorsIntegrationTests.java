/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.ReceiptHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A virtual thread that waits with a monitor in its hands keeps its carrier waiting, too.
 * Which monitors a thread holds the JVM tells of any thread.
 */
class MonitorsIntegrationTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@AutoClose
	private final PooledDatabase database = PooledDatabase.withExtension();

	private final MessagingService service = this.database.service();

	private final JdbcClient jdbc = JdbcClient.create(this.database.dataSource());

	@Test
	void noneIsHeldWhileTheServerIsWaitedFor() throws Exception {
		this.service.ensureQueue("orders");
		this.service.sendBatch("orders", List.of(1, 2, 3, 4, 5));
		List<ReceiptHandle> handles = this.service.receiveMessages("orders", Integer.class, 4, HOUR)
			.stream()
			.map((message) -> message.handle())
			.toList();
		List<Map.Entry<String, Runnable>> calls = List.of(
				Map.entry("ensureQueue", () -> this.service.ensureQueue("others")),
				Map.entry("verifyQueues", () -> this.service.verifyQueues(List.of("orders"))),
				Map.entry("sendMessage", () -> this.service.sendMessage("orders", 6)),
				Map.entry("sendBatch", () -> this.service.sendBatch("orders", List.of(7, 8))),
				Map.entry("receiveMessages", () -> this.service.receiveMessages("orders", Integer.class, 1, HOUR)),
				Map.entry("receiveMessage",
						() -> this.service.receiveMessage("orders", Integer.class, new MessageId(5), HOUR)),
				Map.entry("ackMessage", () -> this.service.ackMessage("orders", handles.get(0))),
				Map.entry("nackMessage", () -> this.service.nackMessage("orders", handles.get(1), false)),
				Map.entry("extendVisibility", () -> this.service.extendVisibility("orders", handles.get(2), HOUR)),
				Map.entry("queueStats", () -> this.service.queueStats("orders")));
		for (Map.Entry<String, Runnable> call : calls) {
			assertNoMonitorIsHeld(call.getKey(), call.getValue());
		}
	}

	@Test
	void noneIsHeldWhileAConnectionIsWaitedFor() throws Exception {
		this.service.ensureQueue("orders");
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(this.database.dataSource());
			pool.setMaximumPoolSize(1);
			MessagingService starved = MessagingFixture.service(pool);
			for (Runnable call : List.<Runnable>of(() -> starved.sendMessage("orders", 1),
					() -> starved.receiveMessages("orders", Integer.class, 1, HOUR))) {
				try (Caller caller = new Caller()) {
					Connection only = pool.getConnection();
					Future<?> running = caller.submit(call);
					await().until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
					assertThat(caller.monitors()).isEmpty();
					only.close();
					running.get();
				}
			}
		}
	}

	private void assertNoMonitorIsHeld(String name, Runnable call) throws Exception {
		try (Caller caller = new Caller();
				Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("lock table pgmq.meta, pgmq.q_orders in access exclusive mode");
			Future<?> running = caller.submit(call);
			await().until(() -> running.isDone() || isWaiting());
			assertThat(running).as(name).isNotDone();
			assertThat(caller.monitors()).as(name).isEmpty();
			holder.rollback();
			running.get();
		}
	}

	private boolean isWaiting() {
		return this.jdbc
			.sql("""
					select exists (
						select from pg_locks
						where not granted and database = (select oid from pg_database where datname = current_database()))""")
			.query(Boolean.class)
			.single();
	}

	/**
	 * A thread whose monitors can be asked for.
	 */
	private static final class Caller implements AutoCloseable {

		private final AtomicReference<Thread> thread = new AtomicReference<>();

		private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
			this.thread.set(new Thread(task));
			return this.thread.get();
		});

		Future<?> submit(Runnable call) {
			return this.executor.submit(call);
		}

		MonitorInfo[] monitors() {
			return ManagementFactory.getThreadMXBean()
				.getThreadInfo(new long[] { this.thread.get().getId() }, true, false)[0].getLockedMonitors();
		}

		@Override
		public void close() {
			this.executor.shutdownNow();
		}

	}

}
