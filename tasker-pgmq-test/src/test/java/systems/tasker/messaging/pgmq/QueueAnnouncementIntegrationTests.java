/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A queue made by the service is announced once, with and without the right to add a
 * trigger to PGMQ's table.
 */
class QueueAnnouncementIntegrationTests {

	@Test
	void createdQueueIsAnnouncedByTheTrigger() throws SQLException {
		assertThatCreationIsAnnounced("select 1");
	}

	@Test
	void createdQueueIsAnnouncedWithoutTheTrigger() throws SQLException {
		assertThatCreationIsAnnounced("drop trigger pgmq_queue_created_trigger on pgmq.meta");
	}

	private static void assertThatCreationIsAnnounced(String preparation) throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase();
				Connection listener = database.dataSource().getConnection();
				Statement statement = listener.createStatement()) {
			statement.execute(preparation);
			statement.execute("listen pgmq_queue_created");
			PgmqMessagingService service = new PgmqMessagingService(database.dataSource(),
					new JacksonMessageSerializer(), 1024);
			service.ensureQueue("orders");
			service.ensureQueue("orders");
			PGNotification[] notifications = listener.unwrap(PGConnection.class).getNotifications(10_000);
			assertThat(notifications).singleElement()
				.extracting(PGNotification::getParameter)
				.asString()
				.contains("\"queue_name\": \"orders\"");
		}
	}

}
