/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What a shell gives the service and sees of it: variables, output, signals and the exit
 * code.
 */
class ProcessIntegrationTests {

	private static final Pattern EMBEDDED = Pattern.compile("Tasker database .*127\\.0\\.0\\.1:(\\d+)");

	@TempDir
	private Path logs;

	@Test
	void badAddressInTheEnvironmentEndsTheStart() throws IOException {
		try (Instance instance = start(Map.of("DATABASE_URL", "postgresql://app:hunter2@db:port/orders"))) {
			assertThat(instance.awaitExit()).isNotZero();
			assertThat(instance.output())
				.contains("APPLICATION FAILED TO START", "tasker.database.url", "port is not a number")
				.doesNotContain("hunter2");
		}
	}

	@Test
	void pgmqAddressInTheEnvironmentMovesTheQueues() throws IOException {
		try (TestDatabase tasker = TaskerPostgres.shared().createEmptyDatabase();
				TestDatabase queues = TaskerPostgres.shared().createEmptyDatabase();
				Instance instance = start(Map.of("DATABASE_URL", tasker.url(), "PGMQ_DATABASE_URL", queues.url()))) {
			OrdersClient client = new OrdersClient(instance.awaitPort());
			client.awaitFulfilment(client.receive());
			assertThat(exists(tasker, "tasker.tasks")).isTrue();
			assertThat(exists(tasker, "pgmq.q_worker_orders_queue")).isFalse();
			assertThat(exists(queues, "pgmq.q_worker_orders_queue")).isTrue();
		}
	}

	@Test
	void embeddedServerOutlivesTheApplication() throws IOException {
		try (Instance instance = start(Map.of())) {
			Matcher server = instance.awaitOutput(EMBEDDED);
			instance.awaitOutput(Pattern.compile("10 of 10 orders fulfilled"));
			instance.terminate();
			instance.awaitExit();
			assertThat(instance.output()).doesNotContain(" WARN ", " ERROR ");
			assertThatIOException()
				.isThrownBy(() -> new Socket("127.0.0.1", Integer.parseInt(server.group(1))).close());
		}
	}

	private Instance start(Map<String, String> variables) throws IOException {
		return Instance.start(this.logs.resolve("instance.log"), variables);
	}

	private static boolean exists(TestDatabase database, String table) {
		return JdbcClient.create(database.dataSource())
			.sql("select to_regclass(?) is not null")
			.param(table)
			.query(Boolean.class)
			.single();
	}

}
