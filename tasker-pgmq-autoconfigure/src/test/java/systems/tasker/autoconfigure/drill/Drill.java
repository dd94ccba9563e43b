/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import systems.tasker.autoconfigure.drill.QueueTraffic.Account;
import systems.tasker.autoconfigure.drill.SplitApplication.Half;
import systems.tasker.autoconfigure.drill.Traffic.Figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Takes one half of an application out while both are busy, brings it back, and asserts
 * what must hold in every such case: the other half does not notice, what was sent
 * arrives, health answers, and the application recovers without help.
 */
final class Drill {

	/**
	 * Up to here p99 is the machine: two cores run the servers, the application and its
	 * traffic. Halves that wait for each other would do so for a second, the shortest of
	 * the time-outs involved.
	 */
	private static final Duration NOISE = Duration.ofMillis(50);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	/** To look at all calls costs time that the calls need. */
	private static final Duration TICK = Duration.ofMillis(50);

	/** The begin of the recovery is to be known exactly. */
	private static final Duration SHORT_TICK = Duration.ofMillis(5);

	private static final Duration SLACK = Duration.ofMillis(500);

	private final String name;

	private final SplitApplication application;

	private final Half half;

	private final Outage outage;

	Drill(String name, SplitApplication application, Half half, Outage outage) {
		this.name = name;
		this.application = application;
		this.half = half;
		this.outage = outage;
	}

	/**
	 * Run the drill.
	 * @return the figures, which are in the report already
	 */
	DrillReport.Row run() throws Exception {
		Secrets secrets = this.application.secrets();
		awaitThat(() -> this.application.health().isUp());
		try (Traffic requests = new Traffic("requests", 4, Duration.ofMillis(4), this.application.taskerRequest(),
				secrets::inspect);
				QueueTraffic messages = new QueueTraffic(this.application.messaging(), secrets);
				Traffic health = new Traffic("health", 1, Duration.ofMillis(100), this.application::health,
						secrets::inspect)) {
			DrillReport.Row row = run(requests, messages, health);
			DrillReport.add(row);
			verify(row);
			secrets.assertKept();
			return row;
		}
	}

	private DrillReport.Row run(Traffic requests, QueueTraffic messages, Traffic health) throws Exception {
		Traffic well = (this.half == Half.PGMQ) ? requests : messages.sends();
		Traffic out = (this.half == Half.PGMQ) ? messages.sends() : requests;
		int calls = Scale.current().calls(this.half);
		awaitCalls(well, System.nanoTime(), calls / 4);
		long quiet = System.nanoTime();
		awaitCalls(well, quiet, calls);
		long begin = System.nanoTime();
		AtomicLong closedAt = new AtomicLong(begin);
		this.application.onClosed(this.half, () -> closedAt.set(System.nanoTime()));
		this.outage.begin();
		CompletableFuture<Void> ended;
		try {
			if (this.outage.lasts()) {
				awaitCalls(well, begin, calls);
				awaitThat(() -> this.outage.isComplete(this.application, this.half));
				this.application.inspectEndpoints();
			}
		}
		finally {
			ended = CompletableFuture.runAsync(this::endOutage);
		}
		awaitThat(SHORT_TICK, () -> this.outage.isOver(this.application, this.half));
		long over = System.nanoTime();
		awaitThat(() -> out.succeedingSince(over) != -1 && this.application.isClosed(this.half));
		long success = out.succeedingSince(over);
		long closed = Math.max(over, closedAt.get());
		awaitCalls(well, begin, calls);
		long end = System.nanoTime();
		ended.join();
		awaitThat(() -> this.application.health().isUp());
		this.application.inspectEndpoints();
		Account account = messages.drain();
		long errors = (this.half == Half.PGMQ) ? requests.since(quiet).errors()
				: messages.sends().since(quiet).errors() + messages.receives().since(quiet).errors();
		Figures outageFigures = well.between(begin, end);
		return new DrillReport.Row(this.name, this.half, account, errors, well.between(quiet, begin).p99(),
				outageFigures.p99(), outageFigures.max(), out.since(begin).max(), health.since(quiet).max(),
				Duration.ofNanos(closed - over), Duration.ofNanos(success - over));
	}

	private void endOutage() {
		try {
			this.outage.end();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The outage does not end", ex);
		}
	}

	private static void verify(DrillReport.Row row) {
		assertThat(row.account().sent()).as("messages sent").isPositive();
		assertThat(row.account().lost()).as("messages lost").isZero();
		assertThat(row.account().resurrected()).as("messages that came after their acknowledgment").isZero();
		assertThat(row.errors()).as("errors of the other half").isZero();
		if (row.half() == Half.PGMQ) {
			// That of sends is the disk's, and no figure to compare.
			Duration limit = row.quietP99().multipliedBy(3);
			assertThat(row.outageP99()).as("p99 of the other half, %s without outage", row.quietP99())
				.isLessThanOrEqualTo((limit.compareTo(NOISE) > 0) ? limit : NOISE);
		}
		Duration probe = Scale.current().probeInterval().plus(Scale.PROBE_TIMEOUT);
		assertThat(row.closed()).as("time until the circuit breaker was closed").isLessThan(probe.plus(SLACK));
		assertThat(row.success().minus(row.closed())).as("time from there until calls succeeded").isLessThan(SLACK);
	}

	private static void awaitCalls(Traffic traffic, long since, int count) {
		awaitThat(() -> traffic.since(since).count() >= count);
	}

	private static void awaitThat(Callable<Boolean> condition) {
		awaitThat(TICK, condition);
	}

	private static void awaitThat(Duration tick, Callable<Boolean> condition) {
		await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(tick).until(condition);
	}

}
