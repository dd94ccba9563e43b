/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.test.DocumentedRights;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What roles can do that do not own the objects they use.
 */
class ServiceRoleIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private static MessagingFixture fixture;

	private final JdbcClient administrator = JdbcClient.create(fixture.database().superuserDataSource());

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	@BeforeEach
	void createRole() {
		this.administrator.sql("create role queue_service login password 'service'").update();
		fixture.service().ensureQueue("orders");
	}

	@AfterEach
	void dropRole() {
		this.administrator.sql("drop owned by queue_service").update();
		this.administrator.sql("drop role queue_service").update();
	}

	@Test
	void rightsOfTheReadmeAreEnoughForAService() {
		this.administrator.sql(DocumentedRights.of("queue_service")).update();
		PgmqMessagingSettings settings = new PgmqMessagingSettings(new JacksonMessageSerializer(), 1024)
			.withNotifications(NotifyMode.TRANSACTIONAL, MINUTE);
		try (PgmqMessagingService service = new PgmqMessagingService(service(), settings)) {
			service.sendMessage("orders", 1);
			List<MessageId> ids = service.sendBatch("orders", List.of(2, 3));
			List<QueuedMessage<Integer>> messages = service.receiveMessages("orders", Integer.class, 2, MINUTE);
			service.ackMessage("orders", messages.get(0).handle());
			service.extendVisibility("orders", messages.get(1).handle(), MINUTE);
			service.nackMessage("orders", messages.get(1).handle(), false);
			assertThat(service.receiveMessage("orders", Integer.class, ids.get(1), MINUTE)).isPresent();
			assertThat(service.queueStats("orders").length()).hasValue(1);
			assertThat(service.verifyQueues(List.of("orders", "nope")).healthy()).containsExactly("orders");
			service.ensureQueue("orders");
		}
	}

	@Test
	void rightsOfTheReadmeAreToWriteTasksAndToReadTheHistories() {
		this.administrator.sql(DocumentedRights.of("queue_service")).update();
		assertThat(rights("tasker.tasks")).containsExactly("DELETE", "INSERT", "SELECT", "UPDATE");
		assertThat(rights("tasker.tasker_schema_history")).containsExactly("SELECT");
		assertThat(rights("tasker_pgmq.tasker_pgmq_schema_history")).containsExactly("SELECT");
	}

	private List<String> rights(String table) {
		return this.administrator.sql("""
				select privilege_type from information_schema.role_table_grants
				where grantee = 'queue_service' and table_schema || '.' || table_name = ? order by privilege_type
				""").param(table).query(String.class).list();
	}

	@Test
	void roleThatMayCreateQueuesNeedNotKnowOurFunctions() {
		this.administrator.sql("grant usage, create on schema pgmq to queue_service").update();
		this.administrator.sql("grant select, insert on pgmq.meta to queue_service").update();
		this.administrator.sql("grant all on all tables in schema pgmq to queue_service").update();
		PgmqMessagingService service = new PgmqMessagingService(service(), new JacksonMessageSerializer(), 1024);
		service.ensureQueue("made_by_service");
		assertThat(service.verifyQueues(List.of("made_by_service")).healthy()).hasSize(1);
		this.administrator.sql("select pgmq.drop_queue('made_by_service')").query().singleRow();
	}

	@Test
	void indexesAndSequencesOfAQueueAreNoQueues() {
		List<String> names = List.of("orders_vt_idx", "orders_msg_id_seq");
		assertThat(fixture.service().verifyQueues(names).missing()).isEqualTo(names);
	}

	private static DataSource service() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(fixture.database().jdbcUrl());
		dataSource.setUser("queue_service");
		dataSource.setPassword("service");
		return dataSource;
	}

}
