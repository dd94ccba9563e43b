/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.UncategorizedMessagingException;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the SQL of {@code docs/operations/queues.md} does what the page says. A
 * block is found by its beginning.
 */
class QueuesRunbookIntegrationTests {

	private static final Pattern BLOCK = Pattern.compile("^```sql\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

	private static final Duration HOUR = Duration.ofHours(1);

	private static List<String> blocks;

	// Settings of roles are those of the whole server.
	private static TaskerPostgres server;

	private TestDatabase database;

	private JdbcClient jdbc;

	private MessagingService messaging;

	@BeforeAll
	static void read() throws IOException {
		blocks = BLOCK.matcher(Files.readString(Path.of("..", "docs", "operations", "queues.md")))
			.results()
			.map((MatchResult result) -> result.group(1).strip())
			.toList();
		server = TaskerPostgres.builder().start();
	}

	@AfterAll
	static void closeServer() {
		server.close();
	}

	@BeforeEach
	void createQueues() {
		this.database = server.createDatabase();
		DataSource dataSource = this.database.dataSource();
		this.jdbc = JdbcClient.create(dataSource);
		this.messaging = new PgmqMessagingService(dataSource, new JacksonMessageSerializer(), 1024);
		this.messaging.ensureQueue("orders");
		this.jdbc.sql("select pgmq.create_unlogged('ticks')").query().singleRow();
	}

	@Test
	void everyBlockRuns() throws SQLException {
		assertThat(blocks).hasSizeGreaterThan(15);
		for (String block : blocks) {
			assertThat(run(block)).as(block).isNotNull();
		}
	}

	@Test
	void healthShowsEachQueue() throws SQLException {
		this.messaging.sendMessage("orders", 1);
		assertThat(run("select queue_name, queue_length")).extracting((row) -> row.get("queue_name"))
			.containsExactly("orders", "ticks");
		assertThat(run("select queue_name, queue_length").get(0)).containsEntry("visible_length", 1L)
			.containsEntry("is_exact", true)
			.containsEntry("error", null);
	}

	@Test
	void heldMessagesAreShown() throws SQLException {
		this.messaging.sendBatch("orders", List.of(1, 2));
		this.messaging.receiveMessages("orders", Integer.class, 1, HOUR);
		assertThat(run("select msg_id, read_ct")).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("read_ct", 1));
	}

	@Test
	void sizesOfAllTablesAreShown() throws SQLException {
		assertThat(run("select c.relname, pg_size_pretty")).extracting((row) -> row.get("relname"))
			.contains("q_orders", "a_orders", "q_ticks");
	}

	@Test
	void autovacuumIsSetForQueueAndArchive() throws SQLException {
		assertThat(run("select tasker_pgmq.set_autovacuum")).extracting((row) -> row.get("set_autovacuum"))
			.containsExactly("pgmq.q_orders", "pgmq.a_orders");
	}

	@Test
	void vacuumRemovesDeadRowsAndAHeldSnapshotKeepsThem() throws SQLException {
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			statement.execute("set application_name = 'report'");
			statement.execute("select count(*) from pgmq.q_orders");
			this.messaging.sendBatch("orders", IntStream.range(0, 1000).boxed().toList());
			this.jdbc.sql("delete from pgmq.q_orders").update();
			run("vacuum (verbose, analyze)");
			assertThat(pages()).as("nothing is removed").isPositive();
			assertThat(run("select age_transactions")).singleElement()
				.satisfies((row) -> assertThat(row.get("holder")).asString().contains("report"));
			Map<String, Object> session = run("select pid, usename").get(0);
			assertThat(session).containsEntry("application_name", "report");
			String end = block("select pg_terminate_backend").replace("1234567", String.valueOf(session.get("pid")));
			assertThat(execute(end)).extracting((row) -> row.get("pg_terminate_backend")).containsExactly(true);
		}
		catch (SQLException ex) {
			// To close a connection that was terminated.
			assertThat(ex.getSQLState()).startsWith("08");
		}
		assertThat(run("select pid, usename")).isEmpty();
		run("vacuum (verbose, analyze)");
		assertThat(pages()).isZero();
	}

	@Test
	void tableAndIndexesAreRebuilt() throws SQLException {
		this.messaging.sendBatch("orders", IntStream.range(0, 1000).boxed().toList());
		String where = "select pg_relation_filenode('pgmq.q_orders') || ' ' || pg_relation_filenode('pgmq.q_orders_pkey')";
		String before = this.jdbc.sql(where).query(String.class).single();
		run("reindex table concurrently");
		String reindexed = this.jdbc.sql(where).query(String.class).single();
		assertThat(reindexed.split(" ")[0]).isEqualTo(before.split(" ")[0]);
		assertThat(reindexed).isNotEqualTo(before);
		run("set lock_timeout");
		assertThat(this.jdbc.sql(where).query(String.class).single().split(" ")[0]).isNotEqualTo(before.split(" ")[0]);
		assertThat(this.messaging.queueStats("orders").length()).hasValue(1000);
	}

	@Test
	void idleTransactionsOfNewSessionsAreLimited() throws SQLException {
		run("alter role current_user");
		assertThat(this.jdbc.sql("show idle_in_transaction_session_timeout").query(String.class).single())
			.isEqualTo("5min");
		this.jdbc.sql("alter role current_user reset idle_in_transaction_session_timeout").update();
	}

	@Test
	void archiveIsCleanedByHand() throws SQLException {
		archive(5);
		this.jdbc.sql("update pgmq.a_orders set archived_at = now() - interval '91 days' where msg_id <= 3").update();
		assertThat(run("select tasker_pgmq.delete_archived")).extracting((row) -> row.get("delete_archived"))
			.containsExactly(3);
		assertThat(run("select count(*) as messages")).extracting((row) -> row.get("messages")).containsExactly(2L);
		run("truncate");
		assertThat(run("select count(*) as messages")).extracting((row) -> row.get("messages")).containsExactly(0L);
	}

	@Test
	void archivedMessagesAreSentOnceMore() throws SQLException {
		archive(3);
		this.jdbc.sql("update pgmq.a_orders set archived_at = now() - interval '2 hours' where msg_id = 1").update();
		run("with again");
		assertThat(this.messaging.receiveMessages("orders", Integer.class, 10, HOUR))
			.extracting((message) -> message.payload())
			.containsExactlyInAnyOrder(1, 2);
		assertThat(run("select count(*) as messages")).extracting((row) -> row.get("messages")).containsExactly(1L);
	}

	@Test
	void unloggedQueueArchivesAgainAfterACrash() throws SQLException {
		assertThat(run("select m.queue_name")).extracting((row) -> row.get("queue_name")).containsExactly("ticks");
		this.messaging.nackMessage("ticks", sent("ticks"), false);
		server.crash();
		server.start();
		ReceiptHandle clash = sent("ticks");
		assertThatExceptionOfType(UncategorizedMessagingException.class)
			.isThrownBy(() -> this.messaging.nackMessage("ticks", clash, false))
			.withMessageContaining("23505");
		run("select setval");
		this.messaging.ackMessage("ticks", clash);
		this.messaging.nackMessage("ticks", sent("ticks"), false);
		assertThat(this.jdbc.sql("select count(*) from pgmq.a_ticks").query(Long.class).single()).isEqualTo(2);
	}

	@Test
	void membersOfTheExtensionAreFound() throws SQLException {
		assertThat(run("select c.relname\n")).isEmpty();
		this.jdbc.sql("alter extension pgmq add table pgmq.q_orders").update();
		assertThat(run("select c.relname\n")).extracting((row) -> row.get("relname")).containsExactly("q_orders");
	}

	@Test
	void versionIsThatOfTheExtension() throws SQLException {
		assertThat(run("select extversion")).extracting((row) -> row.get("extversion")).containsExactly("1.11.1");
	}

	@Test
	void listOfQueuesLosesItsUpperCase() throws SQLException {
		this.jdbc.sql("select pgmq.create('MyQueue')").query().singleRow();
		run("update pgmq.meta");
		assertThat(this.jdbc.sql("select queue_name from pgmq.meta order by 1").query(String.class).list())
			.containsExactly("myqueue", "orders", "ticks");
		this.messaging.sendMessage("myqueue", 1);
	}

	@Test
	void queueWithoutTheColumnCanBeReadAgain() throws SQLException {
		this.messaging.sendMessage("orders", 1);
		this.jdbc.sql("alter table pgmq.q_orders drop column last_read_at").update();
		this.jdbc.sql("alter table pgmq.a_orders drop column last_read_at").update();
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.jdbc.sql("select * from pgmq.read('orders', 0, 1)").query().listOfRows());
		run("alter table pgmq.q_orders add column");
		assertThat(this.jdbc.sql("select * from pgmq.read('orders', 0, 1)").query().listOfRows()).hasSize(1);
	}

	private ReceiptHandle sent(String queue) {
		this.messaging.sendMessage(queue, 1);
		return this.messaging.receiveMessages(queue, Integer.class, 1, HOUR).get(0).handle();
	}

	private void archive(int messages) {
		this.messaging.sendBatch("orders", IntStream.range(0, messages).boxed().toList());
		this.messaging.receiveMessages("orders", Integer.class, messages, HOUR)
			.forEach((message) -> this.messaging.nackMessage("orders", message.handle(), false));
	}

	private long pages() {
		return this.jdbc.sql("select pg_relation_size('pgmq.q_orders')").query(Long.class).single();
	}

	private static String block(String beginning) {
		List<String> found = blocks.stream().filter((block) -> block.startsWith(beginning)).toList();
		assertThat(found).as(beginning).hasSize(1);
		return found.get(0);
	}

	private List<Map<String, Object>> run(String beginning) throws SQLException {
		return execute(blocks.contains(beginning) ? beginning : block(beginning));
	}

	/*
	 * As psql does: one statement after the other, in one session, without a transaction.
	 */
	private List<Map<String, Object>> execute(String block) throws SQLException {
		List<Map<String, Object>> rows = new ArrayList<>();
		try (Connection connection = this.database.dataSource().getConnection()) {
			JdbcClient session = JdbcClient.create(new SingleConnectionDataSource(connection, true));
			for (String statement : block.split(";\\s*$|;\n")) {
				if (statement.stripLeading().matches("(?s)(select|with) .*")) {
					rows.addAll(session.sql(statement).query().listOfRows());
				}
				else {
					session.sql(statement).update();
				}
			}
		}
		return rows;
	}

}
