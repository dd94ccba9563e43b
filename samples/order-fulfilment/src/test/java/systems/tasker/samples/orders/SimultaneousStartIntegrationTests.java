/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances start at the same moment on an empty database.
 */
class SimultaneousStartIntegrationTests {

	@Test
	void bothComeUpAndEachMigrationIsRecordedOnce() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			List<CompletableFuture<ConfigurableApplicationContext>> starting = Stream.generate(() -> start(database))
				.limit(2)
				.toList();
			List<ConfigurableApplicationContext> instances = starting.stream().map(CompletableFuture::join).toList();
			try {
				assertThat(instances).allSatisfy((instance) -> {
					OrdersClient client = new OrdersClient(
							instance.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
					client.awaitFulfilment(client.receive());
				});
				JdbcClient jdbcClient = JdbcClient.create(database.dataSource());
				assertRecordedOnce(jdbcClient, "tasker.tasker_schema_history", "V1__initial_schema.sql");
				assertRecordedOnce(jdbcClient, "tasker_pgmq.tasker_pgmq_schema_history", "V1__messaging_schema.sql");
			}
			finally {
				instances.forEach(ConfigurableApplicationContext::close);
			}
		}
	}

	private static CompletableFuture<ConfigurableApplicationContext> start(TestDatabase database) {
		return CompletableFuture.supplyAsync(
				() -> OrderFulfilmentApplication.run("--server.port=0", "--tasker.database.url=" + database.url()));
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
