/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances start at the same moment on an empty database.
 */
class SimultaneousStartIntegrationTests {

	@Test
	void bothComeUpAndEachMigrationIsRecordedOnce(@TempDir Path logs) throws IOException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Instance first = Instance.start(logs.resolve("first.log"), "--DATABASE_URL=" + database.url());
				Instance second = Instance.start(logs.resolve("second.log"), "--DATABASE_URL=" + database.url())) {
			for (Instance instance : List.of(first, second)) {
				OrdersClient client = new OrdersClient(instance.awaitPort());
				client.awaitFulfilment(client.receive());
			}
			JdbcClient jdbcClient = JdbcClient.create(database.dataSource());
			assertRecordedOnce(jdbcClient, "tasker.tasker_schema_history", "V1__initial_schema.sql");
			assertRecordedOnce(jdbcClient, "tasker_pgmq.tasker_pgmq_schema_history", "V1__messaging_schema.sql");
		}
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
