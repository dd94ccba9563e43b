/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the other operations on messages.
 */
@ParameterizedClass
@EnumSource
class MessageOperationsIntegrationTests extends PgmqSetFixture {

	@Parameter
	PgmqInstall install;

	@Test
	void deleteTellsWhetherTheMessageWasThere() {
		long id = send(60);
		long other = send(0);
		assertThat(isTrue("pgmq_delete_specific_message('orders', %d)", id)).isTrue();
		assertThat(isTrue("pgmq_delete_specific_message('orders', %d)", id)).isFalse();
		assertThat(ids()).containsExactly(other);
	}

	@Test
	void extensionCountsFromNow() {
		long id = send(3600);
		assertThat(isTrue("pgmq_extend_vt_specific_message('orders', %d, 100)", id)).isTrue();
		assertThat(hiddenFor(id)).isBetween(80.0, 100.0);
		assertThat(isTrue("pgmq_extend_vt_specific_message('orders', %d)", id)).isTrue();
		assertThat(hiddenFor(id)).isBetween(10.0, 30.0);
		assertThat(readCount(id)).isZero();
	}

	@Test
	void unknownMessageIsNotExtended() {
		send(0);
		assertThat(isTrue("pgmq_extend_vt_specific_message('orders', 4711)")).isFalse();
		assertThat(isTrue("pgmq_extend_vt_specific_message('orders', null)")).isFalse();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(ints = -1)
	void extensionByNoTimeIsRefused(Integer seconds) {
		assertThatFailure(() -> isTrue("pgmq_extend_vt_specific_message('orders', 1, %d)", seconds), "22023",
				"additional_vt_seconds");
	}

	@Test
	void dueMessagesAreClaimedInTheOrderOfTheirIds() {
		long first = send(0);
		long delayed = send(60);
		long third = send(0);
		long fourth = send(0);
		// Due for longer than the one before it.
		this.client.sql("update pgmq.q_orders set vt = vt - interval '1 hour' where msg_id = ?").param(third).update();
		assertThat(readDue(2)).extracting(Message::msgId).containsExactly(first, third);
		assertThat(readDue(10)).singleElement().satisfies((message) -> {
			assertThat(message.msgId()).isEqualTo(fourth);
			assertThat(message.readCt()).isOne();
			assertThat(message.message()).isEqualTo("{\"order\": 7}");
			assertThat(message.headers()).isEqualTo("{\"trace\": \"t\"}");
			assertThat(message.hiddenFor()).isBetween(10.0, 30.0);
		});
		assertThat(readDue(10)).isEmpty();
		assertThat(readCount(delayed)).isZero();
		assertThat(this.client.sql("select last_read_at is not null from pgmq.q_orders where msg_id = ?")
			.param(first)
			.query(Boolean.class)
			.single()).isTrue();
	}

	@Test
	void dueMessagesOfOldPgmqAreClaimed() {
		this.client.sql("alter table pgmq.q_orders drop column last_read_at").update();
		send(0);
		assertThat(readDue(1)).hasSize(1);
	}

	@Test
	void dueMessageThatAnotherClaimsIsSkipped() throws Exception {
		send(0);
		long second = send(0);
		SingleConnectionDataSource session = openSession();
		session.getConnection().setAutoCommit(false);
		JdbcClient.create(session).sql("select * from pgmq.read('orders', 30, 1)").query().listOfRows();
		this.client.sql("set lock_timeout = '1ms'").update();
		assertThat(readDue(10)).extracting(Message::msgId).containsExactly(second);
	}

	@Test
	void dueMessagesAreFoundThroughTheIndex() {
		JdbcClient owner = JdbcClient.create(database().dataSource());
		owner.sql("""
				insert into pgmq.q_orders (vt, message)
				select clock_timestamp() + interval '1 day', '{}' from generate_series(1, 20000)
				""").update();
		owner.sql("analyze pgmq.q_orders").update();
		long due = send(0);
		this.client.sql("begin").update();
		assertThat(readDue(10)).extracting(Message::msgId).containsExactly(due);
		assertThat(this.client.sql(
				"select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables where relname = 'q_orders'")
			.query(Long.class)
			.single()).isLessThan(100);
		this.client.sql("commit").update();
	}

	@ParameterizedTest
	@ValueSource(strings = { "read_due('orders', -1, 1)", "read_due('orders', null, 1)", "read_due('orders', 1, -1)",
			"read_due('orders', 1, null)" })
	void numbersThatAreNoneAreRefused(String call) {
		assertThatFailure(() -> this.client.sql("select * from tasker_pgmq." + call).query().listOfRows(), "22023",
				"must be 0 or more");
	}

	@Test
	void headersAreAddedWhereTheyAreMissing() {
		assertThat(isTrue("pgmq_ensure_headers_column('orders')")).isFalse();
		this.client.sql("alter table pgmq.q_orders drop column headers").update();
		this.client.sql("alter table pgmq.a_orders drop column headers").update();
		assertThat(isTrue("pgmq_ensure_headers_column('orders')")).isTrue();
		send(0);
		assertThat(readDue(1)).singleElement().extracting(Message::headers).isEqualTo("{\"trace\": \"t\"}");
		assertThat(this.client.sql("select pgmq.archive('orders', 1::bigint)").query(Boolean.class).single()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "pgmq_delete_specific_message(%s, 1)", "pgmq_extend_vt_specific_message(%s, 1, 1)",
			"read_due(%s, 1, 1)", "pgmq_ensure_headers_column(%s)", "queue_stats(%s)",
			"pgmq_send_with_notify(%s, '{}')", "pgmq_send_with_notify(%s, '{}', '{}', 0)",
			"pgmq_send_batch_with_notify(%s, '{}')", "pgmq_send_batch_with_notify(%s, '{}', null, 0)" })
	void queueIsCheckedByEachFunction(String call) {
		String sql = "select * from tasker_pgmq." + call;
		assertThatFailure(() -> this.client.sql(sql.formatted("'invoices'")).query().listOfRows(), "42P01",
				"queue \"invoices\" does not exist");
		assertThatFailure(() -> this.client.sql(sql.formatted("'Orders'")).query().listOfRows(), "22023",
				"invalid queue name 'Orders'");
		assertThatFailure(() -> this.client.sql(sql.formatted("null")).query().listOfRows(), "22023",
				"invalid queue name NULL");
	}

	@Test
	void functionsThatAreNotParsedInAdvancePinTheirSearchPath() {
		assertThat(this.client.sql("""
				select coalesce(p.proconfig[1], 'none') from pg_proc p
				where p.pronamespace = 'tasker_pgmq'::regnamespace and p.prosqlbody is null
				""").query(String.class).list()).hasSizeGreaterThan(10).containsOnly("search_path=pg_catalog, pg_temp");
	}

	@Test
	void everyFunctionSaysWhatItIsFor() {
		assertThat(this.client.sql("""
				select p.oid::regprocedure::text from pg_proc p
				where p.pronamespace = 'tasker_pgmq'::regnamespace and obj_description(p.oid, 'pg_proc') is null
				""").query(String.class).list()).isEmpty();
	}

	private List<Message> readDue(int max) {
		return this.client.sql("""
				select msg_id, read_ct, message, headers,
				    extract(epoch from clock_timestamp() - enqueued_at)::float8 as age,
				    extract(epoch from vt - clock_timestamp())::float8 as hidden_for
				from tasker_pgmq.read_due('orders', 30, ?)
				""").param(max).query(Message.class).list();
	}

	private boolean isTrue(String call, Object... arguments) {
		return this.client.sql("select tasker_pgmq." + call.formatted(arguments)).query(Boolean.class).single();
	}

	private List<Long> ids() {
		return this.client.sql("select msg_id from pgmq.q_orders order by msg_id").query(Long.class).list();
	}

	private double hiddenFor(long id) {
		return this.client
			.sql("select extract(epoch from vt - clock_timestamp())::float8 from pgmq.q_orders where msg_id = ?")
			.param(id)
			.query(Double.class)
			.single();
	}

}
