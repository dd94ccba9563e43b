/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.pgmq.NotifyMode;
import systems.tasker.messaging.pgmq.PgmqMessagingService;
import systems.tasker.messaging.pgmq.PgmqMessagingSettings;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * What the messaging service costs beside the bare functions of PGMQ, and what messages
 * cost that nobody may see yet.
 */
final class MessagingBenchmark {

	private static final int BATCH = 100;

	private static final String QUEUE = "benchmark";

	private static final Map<String, String> PAYLOAD = Map.of("text", "x".repeat(200));

	private static final String MESSAGE = "{\"text\":\"" + "x".repeat(200) + "\"}";

	private final TaskerPostgres server;

	private final Duration duration;

	private final int rounds;

	private final int invisible;

	/**
	 * Create a benchmark.
	 * @param server the server
	 * @param duration how long each measurement takes
	 * @param rounds how many of them the median is taken of
	 * @param invisible the number of messages in the queue that nobody may see
	 */
	MessagingBenchmark(TaskerPostgres server, Duration duration, int rounds, int invisible) {
		this.server = server;
		this.duration = duration;
		this.rounds = rounds;
		this.invisible = invisible;
	}

	/**
	 * Measure.
	 * @return tables of rates and ratios
	 */
	String run() throws SQLException, InterruptedException {
		try (TestDatabase database = this.server.createDatabase(); HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(database.jdbcUrl());
			pool.setUsername(database.username());
			pool.setPassword(database.password());
			pool.setMaximumPoolSize(33);
			RawQueue raw = new RawQueue(pool, QUEUE);
			PgmqMessagingService quiet = service(pool, NotifyMode.OFF);
			List<PgmqMessagingService> services = List.of(quiet, service(pool, NotifyMode.COALESCED),
					service(pool, NotifyMode.TRANSACTIONAL));
			try {
				quiet.ensureQueue(QUEUE);
				return throughput(raw, services) + System.lineSeparator() + invisible(raw, quiet);
			}
			finally {
				services.forEach(PgmqMessagingService::close);
			}
		}
	}

	private String throughput(RawQueue raw, List<PgmqMessagingService> services)
			throws SQLException, InterruptedException {
		StringBuilder table = new StringBuilder("""
				| Call | Threads | raw JDBC, calls a second | `off` | `coalesced` | `transactional` |
				|---|---|---|---|---|---|
				""");
		for (int threads : new int[] { 1, 8, 32 }) {
			Load load = new Load(threads, this.duration);
			table.append(row("send", load, raw, () -> raw.send(MESSAGE), services,
					(service) -> service.sendMessage(QUEUE, PAYLOAD)));
			table.append(row("send a batch of 100", load, raw, () -> raw.sendBatch(MESSAGE, BATCH), services,
					(service) -> service.sendBatch(QUEUE, Collections.nCopies(BATCH, PAYLOAD))));
			table.append(row("send, receive, ack", load, raw, () -> {
				raw.send(MESSAGE);
				raw.receiveAndDelete();
			}, services, (service) -> {
				service.sendMessage(QUEUE, PAYLOAD);
				receiveAndAck(service);
			}));
		}
		return table.toString();
	}

	private String row(String name, Load load, RawQueue raw, Load.Operation rawCall,
			List<PgmqMessagingService> services, ServiceCall call) throws SQLException, InterruptedException {
		List<Variant> variants = new ArrayList<>();
		variants.add(new Variant(rawCall, new double[this.rounds]));
		services.forEach((service) -> variants.add(new Variant(() -> call.run(service), new double[this.rounds])));
		// The first round warms up.
		for (int round = -1; round < this.rounds; round++) {
			for (Variant variant : variants) {
				raw.purge();
				double rate = load.rate(variant.operation());
				if (round >= 0) {
					variant.rates()[round] = rate;
				}
			}
		}
		double base = variants.get(0).median();
		return String.format(Locale.ROOT, "| %s | %d | %.0f | %.2f× | %.2f× | %.2f× |%n", name, load.threads(), base,
				variants.get(1).median() / base, variants.get(2).median() / base, variants.get(3).median() / base);
	}

	private static PgmqMessagingService service(DataSource pool, NotifyMode mode) {
		return new PgmqMessagingService(pool, new PgmqMessagingSettings(new JacksonMessageSerializer(), 1_000_000)
			.withNotifications(mode, Duration.ofMillis(5)));
	}

	private String invisible(RawQueue raw, PgmqMessagingService service) throws SQLException {
		raw.purge();
		service.ensureQueue("crowded");
		raw.addInvisible("crowded", this.invisible);
		service.sendMessage("crowded", PAYLOAD);
		service.sendMessage(QUEUE, PAYLOAD);
		Timing timing = Timing.alternating(101, () -> receive(service, QUEUE), () -> receive(service, "crowded"));
		return """
				| Call | none ahead | %,d invisible ahead | Ratio |
				|---|---|---|---|
				| receive | %s |
				""".formatted(this.invisible, timing.cells());
	}

	/**
	 * Receive the only visible message, which stays visible.
	 * @param service receives
	 * @param queue the queue
	 */
	private static void receive(PgmqMessagingService service, String queue) {
		if (service.receiveMessages(queue, Map.class, 1, Duration.ZERO).isEmpty()) {
			throw new IllegalStateException("The message is gone");
		}
	}

	private static void receiveAndAck(PgmqMessagingService service) {
		for (QueuedMessage<?> message : service.receiveMessages(QUEUE, Map.class, 1, Duration.ofSeconds(30))) {
			service.ackMessage(QUEUE, message.handle());
		}
	}

	private record Variant(Load.Operation operation, double[] rates) {

		double median() {
			Arrays.sort(this.rates);
			return this.rates[this.rates.length / 2];
		}

	}

	@FunctionalInterface
	private interface ServiceCall {

		void run(PgmqMessagingService service);

	}

}
