/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two instances start at the same moment on empty databases that they are told of by
 * their environment, and one of them is killed.
 */
@Tag("any-postgres")
class TwoInstancesIntegrationTests {

	@Test
	void bothComeUpAndOneFinishesWhatTheOtherHadBegunWhenItWasKilled(@TempDir Path logs) throws IOException {
		try (TestDatabase tasker = TaskerPostgres.shared().createEmptyDatabase();
				TestDatabase queues = TaskerPostgres.shared().createEmptyDatabase()) {
			Map<String, String> variables = Map.of("DATABASE_URL", tasker.url(), "PGMQ_DATABASE_URL", queues.url());
			OrderRows rows = new OrderRows(tasker);
			try (Instance slow = Instance.start(logs.resolve("slow.log"), variables, "--orders.step-duration=1h",
					"--orders.visibility-timeout=2s", "--orders.sweep.lease=1h");
					Instance other = Instance.start(logs.resolve("other.log"), variables, "--orders.workers=1",
							"--orders.sweep.age=2s", "--orders.sweep.lease=10s")) {
				OrdersClient slowClient = new OrdersClient(slow.awaitPort());
				OrdersClient client = new OrdersClient(other.awaitPort());
				assertMigratedOnce(tasker, queues);
				List<String> ids = new ArrayList<>();
				// Until the slow one has got a step.
				await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(300)).until(() -> {
					ids.add(slowClient.receive());
					return rows.isInProgressForSeconds(2);
				});
				slow.kill();
				ids.forEach(client::awaitFulfilment);
				rows.assertEveryStepTookEffectOnce();
				assertThat(rows.count("tasker.workflow_steps where attempts > 1")).isPositive();
			}
		}
	}

	private static void assertMigratedOnce(TestDatabase tasker, TestDatabase queues) {
		JdbcClient jdbcClient = JdbcClient.create(tasker.dataSource());
		assertRecordedOnce(jdbcClient, "tasker.tasker_schema_history", "V1__initial_schema.sql");
		assertRecordedOnce(jdbcClient, "public.flyway_schema_history", "V1__shop.sql");
		assertRecordedOnce(JdbcClient.create(queues.dataSource()), "tasker_pgmq.tasker_pgmq_schema_history",
				"V1__messaging_schema.sql");
	}

	private static void assertRecordedOnce(JdbcClient jdbcClient, String history, String script) {
		List<Map<String, Object>> migrations = jdbcClient
			.sql("select script, count(*) as times, bool_and(success) as success from %s group by script"
				.formatted(history))
			.query()
			.listOfRows();
		assertThat(migrations).extracting((row) -> row.get("script")).contains(script);
		assertThat(migrations)
			.allSatisfy((row) -> assertThat(row).containsEntry("times", 1L).containsEntry("success", true));
	}

}
