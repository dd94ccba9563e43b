/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.MigrationSet;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.MissingDatabaseFunctionException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;
import systems.tasker.messaging.support.MessageCodec;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages are received, and counted, also where the migrations have not run.
 */
class ReceiveFallbackIntegrationTests {

	private static final int HOUR = 3600;

	private final TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();

	private final JdbcClient jdbc = JdbcClient.create(this.database.dataSource());

	private final MessagingService service = MessagingFixture.service(this.database.dataSource());

	private final AtomicInteger statements = new AtomicInteger();

	private final AtomicLong nanoTime = new AtomicLong();

	private final MessageReceiver receiver = new MessageReceiver(
			new PgmqDatabase(this.database.dataSource(), new CountingGuard()),
			new MessageCodec(new JacksonMessageSerializer(), 1024), this.nanoTime::get);

	@BeforeEach
	void installPgmqAlone() throws SQLException {
		try (Connection connection = this.database.dataSource().getConnection()) {
			new PgmqInstaller(Mode.EXTENSION).install(connection);
		}
		this.service.ensureQueue("orders");
		// The first was delayed and became visible after the second.
		this.service.sendBatch("orders", List.of(1, 2));
		this.jdbc.sql("update pgmq.q_orders set vt = now() - make_interval(mins => msg_id::integer)").update();
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void receivesByPgmqAlone() {
		assertThat(this.service.receiveMessages("orders", Integer.class, 10, Duration.ofHours(1)))
			.extracting(QueuedMessage::payload)
			.containsExactly(1, 2);
	}

	@Test
	void decidesOnce() {
		assertThat(receivedFirst()).isOne();
		assertThat(this.statements).hasValue(2);
		receivedFirst();
		assertThat(this.statements).hasValue(3);
	}

	@Test
	void decidesAgainAfterAMinute() {
		receivedFirst();
		giveBack();
		migrate();
		this.nanoTime.set(Duration.ofSeconds(59).toNanos());
		assertThat(receivedFirst()).as("by PGMQ").isOne();
		giveBack();
		this.nanoTime.set(Duration.ofSeconds(60).toNanos());
		assertThat(receivedFirst()).as("by ours").isEqualTo(2);
		this.statements.set(0);
		receivedFirst();
		assertThat(this.statements).as("without another decision").hasValue(1);
	}

	@Test
	void decidesAgainWhenTheFunctionIsGone() {
		migrate();
		assertThat(receivedFirst()).as("by ours").isEqualTo(2);
		giveBack();
		this.jdbc.sql("drop function tasker_pgmq.read_due").update();
		assertThat(receivedFirst()).as("by PGMQ").isOne();
	}

	@Test
	void countsByPgmqAlone() {
		QueueStats stats = this.service.queueStats("orders");
		assertThat(stats.length()).hasValue(2);
		assertThat(stats.visible()).hasValue(2);
		assertThat(stats.totalSent()).hasValue(2);
		assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(() -> this.service.queueStats("absent"));
	}

	@Test
	void decidesOnceHowToCount() {
		QueueCatalog catalog = new QueueCatalog(new PgmqDatabase(this.database.dataSource(), new CountingGuard()));
		catalog.stats("orders");
		assertThat(this.statements).hasValue(2);
		catalog.stats("orders");
		assertThat(this.statements).hasValue(3);
	}

	@Test
	void claimByIdNamesTheMissingFunctionAndTheCure() {
		assertThatExceptionOfType(MissingDatabaseFunctionException.class)
			.isThrownBy(
					() -> this.service.receiveMessage("orders", Integer.class, new MessageId(1), Duration.ofHours(1)))
			.withMessageContaining("\"orders\"")
			.withMessageContaining("tasker_pgmq.pgmq_read_specific_message")
			.withMessageContaining("Run the migrations")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
		migrate();
		assertThat(this.service.receiveMessage("orders", Integer.class, new MessageId(1), Duration.ofHours(1)))
			.isPresent();
	}

	private long receivedFirst() {
		return this.receiver.receive("orders", Integer.class, 1, HOUR).get(0).id().value();
	}

	private void giveBack() {
		this.jdbc.sql("update pgmq.q_orders set vt = now() - make_interval(mins => msg_id::integer)").update();
	}

	private void migrate() {
		Flyway.configure()
			.dataSource(this.database.dataSource())
			.locations("classpath:" + MigrationSet.PGMQ.location())
			.defaultSchema(MigrationSet.PGMQ.schema())
			.load()
			.migrate();
	}

	private final class CountingGuard implements DatabaseGuard {

		@Override
		public <T, E extends Exception> T call(Call<T, E> call) throws E {
			ReceiveFallbackIntegrationTests.this.statements.incrementAndGet();
			return call.run();
		}

	}

}
