/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.pgmq.Ledger.Event;
import systems.tasker.test.TaskerPostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * No message is lost, settled twice or made up while connections die under those who
 * send, receive and settle.
 */
class KilledBackendsStressIntegrationTests {

	private static final StressScale scale = StressScale.current();

	private static final String APPLICATION = "stress";

	@AutoClose
	private static MessagingFixture fixture;

	private final AtomicInteger kills = new AtomicInteger();

	private final String queue = fixture.newQueue();

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	@Test
	void everyMessageIsAccountedForWhileBackendsAreKilled() throws Exception {
		ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
		long start = System.nanoTime();
		try (HikariDataSource pool = pool();
				PgmqMessagingService service = new PgmqMessagingService(pool,
						new PgmqMessagingSettings(new JacksonMessageSerializer(), 1024)
							.withNotifications(NotifyMode.COALESCED, Duration.ofMillis(5)));
				StressTraffic traffic = new StressTraffic(service, this.queue, scale.messages())) {
			traffic.start();
			long interval = scale.killInterval().toMillis();
			killer.scheduleAtFixedRate(this::kill, interval, interval, TimeUnit.MILLISECONDS);
			await().atMost(Duration.ofMinutes(30))
				.pollInterval(Duration.ofMillis(100))
				.until(() -> !traffic.unexpected().isEmpty() || (traffic.allSent() && isDrained()));
			Ledger ledger = traffic.end();
			report(ledger, Duration.ofNanos(System.nanoTime() - start));
			assertThat(traffic.unexpected()).as("failures that are no lost connection").isEmpty();
			assertThat(ledger.violations(numbers("q_"), numbers("a_"))).isEmpty();
			assertThat(ledger.count(Event.SENT, Event.SEND_UNKNOWN)).isEqualTo(scale.messages());
			assertThat(unknown(ledger)).as("calls that lost their connection").isPositive();
		}
		finally {
			killer.shutdownNow();
		}
	}

	private static HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSource(fixture.dataSource());
		pool.setMaximumPoolSize(16);
		pool.setConnectionInitSql("set application_name = '%s'".formatted(APPLICATION));
		return pool;
	}

	private void kill() {
		List<Boolean> killed = fixture.jdbc().sql("""
				select pg_terminate_backend(pid) from pg_stat_activity
				where datname = current_database() and application_name = ?
				order by random() limit 1""").param(APPLICATION).query(Boolean.class).list();
		this.kills.addAndGet(killed.size());
	}

	// What is parked is all that is left, and nobody has anything in his hands.
	private boolean isDrained() {
		return fixture.jdbc()
			.sql("select not exists (select from pgmq.q_%s where vt < clock_timestamp() + interval '%d seconds')"
				.formatted(this.queue, StressTraffic.PARKED.toSeconds() / 2))
			.query(Boolean.class)
			.single();
	}

	private List<Long> numbers(String prefix) {
		return fixture.jdbc()
			.sql("select message::text::bigint from pgmq." + prefix + this.queue)
			.query(Long.class)
			.list();
	}

	private static long unknown(Ledger ledger) {
		return ledger.count(Event.SEND_UNKNOWN, Event.NACK_UNKNOWN, Event.ACK_UNKNOWN, Event.ARCHIVE_UNKNOWN);
	}

	private void report(Ledger ledger, Duration time) throws IOException {
		String figures = String.format(Locale.ROOT,
				"%d messages, %d receives, %d nacks, %d acks, %d archived, %d still there; %d kills, "
						+ "%d unknown outcomes (%d sends, %d nacks, %d acks, %d archivings), %d not found; %.1f s%n",
				scale.messages(), ledger.count(Event.RECEIVED), ledger.count(Event.NACKED), ledger.count(Event.ACKED),
				ledger.count(Event.ARCHIVED), numbers("q_").size(), this.kills.get(), unknown(ledger),
				ledger.count(Event.SEND_UNKNOWN), ledger.count(Event.NACK_UNKNOWN), ledger.count(Event.ACK_UNKNOWN),
				ledger.count(Event.ARCHIVE_UNKNOWN), ledger.count(Event.NOT_FOUND), time.toMillis() / 1000.0);
		System.out.print(figures);
		Files.writeString(Path.of("target", "stress-%d.txt".formatted(TaskerPostgres.shared().version())), figures);
	}

}
