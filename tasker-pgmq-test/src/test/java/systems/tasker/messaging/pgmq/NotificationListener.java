/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import javax.sql.DataSource;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plain {@code LISTEN} session.
 */
final class NotificationListener implements AutoCloseable {

	private static final String ALL = "pgmq_message_ready";

	private static final String END = "test_end";

	private static final long TIMEOUT = Duration.ofSeconds(20).toNanos();

	private static final JsonMapper json = new JsonMapper();

	private final Connection connection;

	private final List<Heard> heard = new ArrayList<>();

	NotificationListener(DataSource dataSource, String... namespaces) throws SQLException {
		this.connection = dataSource.getConnection();
		execute("listen " + ALL);
		execute("listen " + END);
		for (String namespace : namespaces) {
			execute("listen \"%s.%s\"".formatted(ALL, namespace));
		}
	}

	/**
	 * Wait until what was heard so far is enough.
	 * @param enough looks at all that was heard
	 * @return all that was heard, by the channel of all namespaces
	 */
	List<JsonNode> await(Predicate<List<JsonNode>> enough) throws SQLException {
		long start = System.nanoTime();
		while (!enough.test(payloads(ALL))) {
			if (System.nanoTime() - start > TIMEOUT) {
				throw new AssertionError("heard only " + this.heard);
			}
			receive(100);
		}
		return payloads(ALL);
	}

	/**
	 * Wait for messages.
	 * @param count how many messages must have been announced
	 * @return all notifications that were heard
	 */
	List<JsonNode> awaitMessages(int count) throws SQLException {
		return await((payloads) -> ids(payloads).size() >= count);
	}

	/**
	 * Whatever was committed before this is called is heard after it.
	 */
	List<JsonNode> heardUntilNow() throws SQLException {
		execute("notify " + END);
		await((payloads) -> this.heard.stream().anyMatch((notification) -> notification.channel().equals(END)));
		this.heard.removeIf((notification) -> notification.channel().equals(END));
		return payloads(ALL);
	}

	List<JsonNode> payloads(String channel) {
		return this.heard.stream()
			.filter((notification) -> notification.channel().equals(channel))
			.map((notification) -> json.readTree(notification.payload()))
			.toList();
	}

	static List<Long> ids(List<JsonNode> payloads) {
		return payloads.stream().flatMap((payload) -> ids(payload).stream()).toList();
	}

	static List<Long> ids(JsonNode payload) {
		return payload.has("msg_id") ? List.of(payload.get("msg_id").asLong())
				: payload.get("msg_ids").valueStream().map(JsonNode::asLong).toList();
	}

	private void receive(int timeoutMillis) throws SQLException {
		PGNotification[] notifications = this.connection.unwrap(PGConnection.class).getNotifications(timeoutMillis);
		for (PGNotification notification : (notifications != null) ? notifications : new PGNotification[0]) {
			this.heard.add(new Heard(notification.getName(), notification.getParameter()));
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

	private record Heard(String channel, String payload) {
	}

}
