/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.QueueName;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that SQL and Java read the same namespace from a name.
 */
class QueueNamespaceIntegrationTests {

	private static TestDatabase database;

	@BeforeAll
	static void create() {
		database = TaskerPostgres.shared().createDatabase();
	}

	@AfterAll
	static void drop() {
		database.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			orchestration                    | orchestration
			orchestration_step_results_queue | orchestration
			orchestrationqueue               | orchestration
			my_orchestration_queue           | my_orchestration
			worker_payments_queue            | payments
			worker_payments_eu_queue         | payments_eu
			worker__queue                    | worker
			worker_queue                     | worker
			worker_queue_queue               | queue
			worker_payments                  | default
			tasker_dispatch_payments         | payments
			tasker_dispatch_payments_queue   | payments_queue
			tasker_completion_payments_eu    | payments_eu
			tasker_completion_worker_a_queue | worker_a_queue
			tasker_dispatch_                 | default
			tasker_completion_               | default
			payments_queue                   | payments
			payments_eu_queue                | payments_eu
			queue_queue                      | queue
			_queue                           | default
			queue                            | default
			payments                         | default
			payments_queue_2                 | default
			_                                | default
			tasker_dispatch__queue           | _queue
			worker___queue                   | _
			worker_orchestration_queue       | orchestration
			""")
	void namespaceFollowsFromTheName(String queue, String namespace) {
		assertThat(extractQueueNamespace(queue)).isEqualTo(namespace);
		assertThat(new QueueName(queue).namespace()).isEqualTo(namespace);
	}

	// Java knows no such queues.
	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "PAYMENTS", "my queue", "worker_payments-eu" })
	void whatIsNoNameSaysNothing(String queue) {
		assertThat(extractQueueNamespace(queue)).isEqualTo("default");
	}

	private static String extractQueueNamespace(String queue) {
		return JdbcClient.create(database.dataSource())
			.sql("select tasker_pgmq.extract_queue_namespace(?::text)")
			.param(queue)
			.query(String.class)
			.single();
	}

}
