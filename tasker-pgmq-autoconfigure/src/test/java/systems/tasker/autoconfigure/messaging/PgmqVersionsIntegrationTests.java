/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.test.OldPgmq;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * The same application works on every PGMQ that an operator may have.
 */
class PgmqVersionsIntegrationTests {

	@ParameterizedTest
	@EnumSource
	void applicationUsesAndKeepsItsQueuesAndTellsTheVersion(Pgmq pgmq) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			pgmq.installation.accept(database);
			JdbcClient jdbc = JdbcClient.create(database.dataSource());
			try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + database.url(),
					"tasker.messaging.queues[0].name=orders", "tasker.messaging.queues[0].archive-retention=1h",
					"tasker.messaging.queues[0].autovacuum.threshold=1000", "tasker.messaging.queues[1].name=ticks",
					"tasker.messaging.queues[1].unlogged=true", "tasker.messaging.maintenance-interval=50ms")) {
				MessagingService messaging = context.getBean(MessagingService.class);
				messaging.sendBatch("orders", List.of("acked", "archived"));
				messaging.sendMessage("ticks", "kept");
				List<QueuedMessage<String>> messages = messaging.receiveMessages("orders", String.class, 10,
						Duration.ofMinutes(1));
				assertThat(messages).extracting((message) -> message.payload()).containsExactly("acked", "archived");
				messaging.ackMessage("orders", messages.get(0).handle());
				messaging.nackMessage("orders", messages.get(1).handle(), false);
				assertThat(messaging.queueStats("orders").length()).hasValue(0);
				assertThat(messaging.queueStats("ticks").length()).hasValue(1);
				assertThat(archived(jdbc)).containsExactly("\"archived\"");
				assertThat(parameters(jdbc)).hasSize(2)
					.allSatisfy((parameters) -> assertThat(parameters).contains("autovacuum_vacuum_threshold=1000"));
				assertHealthy(context.getBean(HealthEndpoint.class), pgmq);
				jdbc.sql("update pgmq.a_orders set archived_at = archived_at - interval '2 hours'").update();
				await().until(() -> archived(jdbc).isEmpty());
			}
		}
	}

	private static void assertHealthy(HealthEndpoint health, Pgmq pgmq) {
		assertThat(health.health().getStatus()).isEqualTo(Status.UP);
		assertThat(((IndicatedHealthDescriptor) health.healthForPath("pgmqDatabase")).getDetails()).contains(
				entry("pgmqVersion", pgmq.version), entry("pgmqInstall", (pgmq == Pgmq.SQL) ? "sql" : "extension"));
	}

	private static List<String> archived(JdbcClient jdbc) {
		return jdbc.sql("select message::text from pgmq.a_orders").query(String.class).list();
	}

	private static List<String> parameters(JdbcClient jdbc) {
		return jdbc.sql("""
				select array_to_string(reloptions, ',') from pg_class
				where relnamespace = 'pgmq'::regnamespace and relname in ('q_orders', 'a_orders')""")
			.query(String.class)
			.list();
	}

	/**
	 * Which PGMQ there is when the application starts.
	 */
	enum Pgmq {

		EXTENSION("1.11.1", (database) -> OldPgmq.installNewest(database, InstallKind.EXTENSION)),

		SQL("≥ 1.11.1", (database) -> OldPgmq.installNewest(database, InstallKind.SQL)),

		V1_10_2(OldPgmq.V1_10_2),

		V1_9(OldPgmq.V1_9),

		V1_8(OldPgmq.V1_8),

		V1_7(OldPgmq.V1_7),

		V1_5_1(OldPgmq.V1_5_1);

		private final String version;

		private final Consumer<TestDatabase> installation;

		Pgmq(String version, Consumer<TestDatabase> installation) {
			this.version = version;
			this.installation = installation;
		}

		Pgmq(OldPgmq old) {
			this(old.version(InstallKind.EXTENSION), old::install);
		}

	}

}
