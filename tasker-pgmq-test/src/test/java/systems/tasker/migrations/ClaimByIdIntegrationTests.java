/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

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
 * Tests for {@code pgmq_read_specific_message}.
 */
@ParameterizedClass
@EnumSource
class ClaimByIdIntegrationTests extends PgmqSetFixture {

	@Parameter
	PgmqInstall install;

	@Test
	void messageIsClaimed() {
		long other = send(0);
		long id = send(0);
		assertThat(claim(this.client, id)).singleElement().satisfies((message) -> {
			assertThat(message.msgId()).isEqualTo(id);
			assertThat(message.readCt()).isOne();
			assertThat(message.message()).isEqualTo("{\"order\": 7}");
			assertThat(message.headers()).isEqualTo("{\"trace\": \"t\"}");
			assertThat(message.age()).isBetween(0.0, 20.0);
			assertThat(message.hiddenFor()).isBetween(10.0, 30.0);
		});
		assertThat(readCount(id)).isOne();
		assertThat(readCount(other)).isZero();
	}

	@Test
	void timeoutIsInSeconds() {
		long id = send(0);
		assertThat(this.client.sql("""
				select extract(epoch from vt - clock_timestamp())::float8
				from tasker_pgmq.pgmq_read_specific_message('orders', ?, 7200)
				""").param(id).query(Double.class).single()).isBetween(7180.0, 7200.0);
	}

	@Test
	void timeOfTheReadIsRecorded() {
		long id = send(0);
		claim(this.client, id);
		assertThat(this.client.sql("""
				select last_read_at between enqueued_at and clock_timestamp() from pgmq.q_orders where msg_id = ?
				""").param(id).query(Boolean.class).single()).isTrue();
	}

	@Test
	void queueOfOldPgmqWithoutTimeOfTheReadIsServed() {
		this.client.sql("alter table pgmq.q_orders drop column last_read_at").update();
		assertThat(claim(this.client, send(0))).hasSize(1);
	}

	@Test
	void queueWithTheLongestNameIsServed() {
		String queue = "q".repeat(47);
		this.client.sql("select pgmq.create(?)").param(queue).query().singleRow();
		assertThat(claim(queue, 1)).isEmpty();
	}

	@Test
	void messageThatIsNotVisibleIsNotClaimed() {
		long id = send(60);
		assertThat(claim(this.client, id)).isEmpty();
		assertThat(readCount(id)).isZero();
	}

	@Test
	void claimedMessageIsNotClaimedAgain() {
		long id = send(0);
		claim(this.client, id);
		assertThat(claim(this.client, id)).isEmpty();
		assertThat(readCount(id)).isOne();
	}

	@Test
	void unknownMessageIsNotClaimed() {
		send(0);
		assertThat(claim(this.client, 4711L)).isEmpty();
		assertThat(claim(this.client, null)).isEmpty();
	}

	@Test
	void messageThatCameDuringTheTransactionIsClaimed() throws SQLException {
		SingleConnectionDataSource session = openSession();
		session.getConnection().setAutoCommit(false);
		JdbcClient transaction = JdbcClient.create(session);
		transaction.sql("select now()").query().singleRow();
		assertThat(claim(transaction, send(0))).hasSize(1);
	}

	@Test
	void openClaimIsNotWaitedForAndEndsWithItsTransaction() throws SQLException {
		long id = send(0);
		SingleConnectionDataSource session = openSession();
		session.getConnection().setAutoCommit(false);
		assertThat(claim(JdbcClient.create(session), id)).hasSize(1);
		this.client.sql("set lock_timeout = '1ms'").update();
		assertThat(claim(this.client, id)).isEmpty();
		session.getConnection().rollback();
		assertThat(claim(this.client, id)).hasSize(1);
	}

	@Test
	void concurrentCallersClaimEachMessageOnce() throws Exception {
		int callers = 6;
		int messages = 50;
		List<Long> ids = new ArrayList<>();
		for (int i = 0; i < messages; i++) {
			ids.add(send(0));
		}
		CyclicBarrier start = new CyclicBarrier(callers);
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		List<Future<List<Long>>> claims = new ArrayList<>();
		for (int i = 0; i < callers; i++) {
			JdbcClient caller = JdbcClient.create(openSession());
			claims.add(threads.submit(() -> {
				List<Long> claimed = new ArrayList<>();
				for (long id : ids) {
					start.await(30, TimeUnit.SECONDS);
					claim(caller, id).forEach((message) -> claimed.add(message.msgId()));
				}
				return claimed;
			}));
		}
		threads.shutdown();
		List<Long> claimed = new ArrayList<>();
		for (Future<List<Long>> claim : claims) {
			claimed.addAll(claim.get(60, TimeUnit.SECONDS));
		}
		assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(this.client.sql("select distinct read_ct from pgmq.q_orders").query(Integer.class).list())
			.containsExactly(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "invoices", "orders_vt_idx", "orders_pkey" })
	void missingQueueIsNamed(String queue) {
		assertThatFailure(() -> claim(queue, 1), "42P01", "queue \"%s\" does not exist".formatted(queue));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "Orders", "1st", "my-queue", "my queue", "my.queue", "orders\n", "orders;", "été",
			"a23456789_123456789_123456789_123456789_12345678" })
	void queueNameOutsideTheRuleIsRefused(String queue) {
		assertThatFailure(() -> claim(queue, 1), "22023", "invalid queue name");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(ints = -1)
	void timeoutThatIsNoneIsRefused(Integer seconds) {
		long id = send(0);
		assertThatFailure(() -> this.client.sql("""
				select * from tasker_pgmq.pgmq_read_specific_message('orders', ?, ?::integer)
				""").params(id, seconds).query().listOfRows(), "22023", "vt_seconds");
	}

	@Test
	void proceduralFunctionsPinTheirSearchPath() {
		assertThat(this.client
			.sql("""
					select p.proname, coalesce(p.proconfig[1], 'none') from pg_proc p join pg_language l on l.oid = p.prolang
					where p.pronamespace = 'tasker_pgmq'::regnamespace and l.lanname = 'plpgsql'
					""")
			.query((row, number) -> row.getString(2))
			.list()).isNotEmpty().containsOnly("search_path=pg_catalog, pg_temp");
	}

	private static List<Message> claim(JdbcClient client, Long id) {
		return client.sql("""
				select msg_id, read_ct, message, headers,
				    extract(epoch from clock_timestamp() - enqueued_at)::float8 as age,
				    extract(epoch from vt - clock_timestamp())::float8 as hidden_for
				from tasker_pgmq.pgmq_read_specific_message('orders', ?::bigint)
				""").param(id).query(Message.class).list();
	}

	private List<?> claim(String queue, long id) {
		return this.client.sql("select * from tasker_pgmq.pgmq_read_specific_message(?::text, ?)")
			.params(queue, id)
			.query()
			.listOfRows();
	}

}
