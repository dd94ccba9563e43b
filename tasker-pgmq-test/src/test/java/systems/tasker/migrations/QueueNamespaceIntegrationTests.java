/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

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
	@CsvSource(delimiter = '|', nullValues = "NULL", textBlock = """
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
			''                               | default
			NULL                             | default
			""")
	void namespaceFollowsFromTheName(String queue, String namespace) {
		assertThat(JdbcClient.create(database.dataSource())
			.sql("select tasker_pgmq.extract_queue_namespace(?::text)")
			.param(queue)
			.query(String.class)
			.single()).isEqualTo(namespace);
	}

}
