/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.TaskerDataSource;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Orders in one database, queues in another.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "orders.sweep.interval=200ms", "orders.sweep.age=0s" })
@DirtiesContext
class SplitModeIntegrationTests {

	private static final TestDatabase taskerDatabase = TaskerPostgres.shared().createEmptyDatabase();

	private static final TestDatabase pgmqDatabase = TaskerPostgres.shared().createEmptyDatabase();

	private OrdersClient client;

	@DynamicPropertySource
	static void useDatabases(DynamicPropertyRegistry registry) {
		registry.add("tasker.database.url", taskerDatabase::url);
		registry.add("tasker.pgmq-database.url", pgmqDatabase::url);
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = new OrdersClient(port);
	}

	@Test
	void orderIsFulfilled() {
		this.client.awaitFulfilment(this.client.receive());
	}

	@Test
	void eachDatabaseHoldsItsHalf() {
		assertThat(tables(taskerDatabase)).contains("tasker.tasks").noneMatch((table) -> table.startsWith("pgmq."));
		assertThat(tables(pgmqDatabase)).contains("pgmq.q_worker_orders_queue")
			.noneMatch((table) -> table.startsWith("tasker."));
	}

	@Test
	void orderWhoseMessageWasNeverSentIsFulfilled(@Autowired OrderRepository orders,
			@Autowired @TaskerDataSource PlatformTransactionManager transactionManager) {
		UUID id = new TransactionTemplate(transactionManager)
			.execute((status) -> orders.insert(new NewOrder("c1", "book", 2)));
		this.client.awaitFulfilment(id.toString());
	}

	private static List<String> tables(TestDatabase database) {
		return JdbcClient.create(database.dataSource())
			.sql("select schemaname || '.' || tablename from pg_tables")
			.query(String.class)
			.list();
	}

}
