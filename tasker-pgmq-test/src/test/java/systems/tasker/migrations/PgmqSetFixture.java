/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A queue "orders", and sessions of a plain owner that share neither {@code search_path}
 * nor time zone with us.
 */
abstract class PgmqSetFixture {

	private static TestDatabase database;

	private final List<SingleConnectionDataSource> sessions = new ArrayList<>();

	JdbcClient client;

	@BeforeParameterizedClassInvocation
	static void create(PgmqInstall install) {
		database = install.createDatabase();
	}

	@AfterParameterizedClassInvocation
	static void drop() {
		database.close();
	}

	@BeforeEach
	void createQueue() {
		this.client = JdbcClient.create(openSession());
		createQueue("orders");
	}

	@AfterEach
	void dropQueues() {
		// An open transaction would be in the way.
		this.sessions.forEach(SingleConnectionDataSource::destroy);
		this.sessions.clear();
		JdbcClient owner = JdbcClient.create(database.dataSource());
		owner.sql("select pgmq.drop_queue(queue_name::text) from pgmq.meta").query().listOfRows();
	}

	static TestDatabase database() {
		return database;
	}

	void createQueue(String queue) {
		this.client.sql("select pgmq.create(?::text)").param(queue).query().singleRow();
	}

	SingleConnectionDataSource openSession() {
		SingleConnectionDataSource session = new SingleConnectionDataSource(database.jdbcUrl(), database.username(),
				database.password(), true);
		this.sessions.add(session);
		JdbcClient client = JdbcClient.create(session);
		client.sql("set search_path = ''").update();
		client.sql("set time zone 'America/New_York'").update();
		return session;
	}

	long send(int delay) {
		return JdbcClient.create(database.dataSource()).sql("""
				select * from pgmq.send('orders', '{"order": 7}'::jsonb, '{"trace": "t"}'::jsonb, ?::integer)
				""").param(delay).query(Long.class).single();
	}

	int readCount(long id) {
		return this.client.sql("select read_ct from pgmq.q_orders where msg_id = ?")
			.param(id)
			.query(Integer.class)
			.single();
	}

	static void assertThatFailure(ThrowingCallable call, String sqlState, String message) {
		assertThatThrownBy(call).rootCause().isInstanceOfSatisfying(SQLException.class, (ex) -> {
			assertThat(ex.getSQLState()).isEqualTo(sqlState);
			assertThat(ex.getMessage()).contains(message);
		});
	}

	record Message(long msgId, int readCt, String message, String headers, double age, double hiddenFor) {
	}

}
