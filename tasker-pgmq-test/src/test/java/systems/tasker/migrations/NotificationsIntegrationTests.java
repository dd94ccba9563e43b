/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Notifications as a plain {@code LISTEN} session hears them.
 */
@ParameterizedClass
@EnumSource
class NotificationsIntegrationTests extends PgmqSetFixture {

	private static final JsonMapper json = new JsonMapper();

	private Connection listener;

	@Parameter
	PgmqInstall install;

	@BeforeEach
	void listen() throws SQLException {
		createQueue("worker_payments_queue");
		this.listener = openSession().getConnection();
		try (Statement statement = this.listener.createStatement()) {
			statement.execute("listen \"pgmq_message_ready\"");
			statement.execute("listen \"pgmq_message_ready.payments\"");
			statement.execute("listen \"pgmq_queue_created\"");
		}
	}

	@Test
	void sentMessageIsAnnouncedOnBothChannels() throws SQLException {
		long id = single("pgmq_send_with_notify('worker_payments_queue', '{\"a\": 1}')");
		List<Heard> heard = heard();
		assertThat(heard).extracting(Heard::channel)
			.containsExactlyInAnyOrder("pgmq_message_ready.payments", "pgmq_message_ready");
		assertThat(heard).extracting(Heard::payload).allSatisfy((payload) -> {
			assertThat(payload.propertyNames()).containsExactlyInAnyOrder("event_type", "msg_id", "queue_name",
					"namespace", "ready_at", "delay_seconds");
			assertThat(payload.get("event_type").asString()).isEqualTo("message_ready");
			assertThat(payload.get("msg_id").isIntegralNumber()).isTrue();
			assertThat(payload.get("msg_id").asLong()).isEqualTo(id);
			assertThat(payload.get("queue_name").asString()).isEqualTo("worker_payments_queue");
			assertThat(payload.get("namespace").asString()).isEqualTo("payments");
			assertThat(payload.get("delay_seconds").asInt()).isZero();
			assertThat(payload.get("ready_at").asString()).endsWith("Z");
			assertThat(Instant.parse(payload.get("ready_at").asString())).isCloseTo(Instant.now(),
					within(1, ChronoUnit.MINUTES));
		});
	}

	@Test
	void delayAndHeadersAreThoseOfTheMessage() throws SQLException {
		long id = single("pgmq_send_with_notify('worker_payments_queue', '[1]', '{\"h\": \"ü\"}', 60)");
		assertThat(heard()).hasSize(2)
			.extracting((heard) -> heard.payload().get("delay_seconds").asInt())
			.containsOnly(60);
		assertThat(this.client.sql("""
				select message || jsonb_build_array(headers, extract(epoch from vt - enqueued_at) between 59 and 61)
				from pgmq.q_worker_payments_queue where msg_id = ?
				""").param(id).query(String.class).single()).isEqualTo("[1, {\"h\": \"ü\"}, true]");
	}

	@Test
	void nothingIsAnnouncedBeforeCommitNorAfterRollback() throws SQLException {
		this.client.sql("begin").update();
		single("pgmq_send_with_notify('worker_payments_queue', '{}')");
		assertThat(heardAtOnce()).isEmpty();
		this.client.sql("rollback").update();
		long id = single("pgmq_send_with_notify('worker_payments_queue', '{}')");
		assertThat(heard()).hasSize(2)
			.allSatisfy((heard) -> assertThat(heard.payload().get("msg_id").asLong()).isEqualTo(id));
	}

	@Test
	void batchIsAnnouncedOnceAndItsIdsAreInInputOrder() throws SQLException {
		List<Long> ids = this.client.sql("""
				select * from tasker_pgmq.pgmq_send_batch_with_notify('worker_payments_queue',
					array(select to_jsonb(i) from generate_series(1, 20) i))
				""").query(Long.class).list();
		assertThat(ids).isSorted().hasSize(20).doesNotHaveDuplicates();
		assertThat(this.client.sql("select message::integer from pgmq.q_worker_payments_queue order by msg_id")
			.query(Integer.class)
			.list()).isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
		assertThat(heard()).hasSize(2).extracting(Heard::payload).allSatisfy((payload) -> {
			assertThat(payload.propertyNames()).containsExactlyInAnyOrder("event_type", "msg_ids", "queue_name",
					"namespace", "message_count", "ready_at", "delay_seconds");
			assertThat(payload.get("event_type").asString()).isEqualTo("batch_ready");
			assertThat(payload.get("message_count").asInt()).isEqualTo(20);
			assertThat(longs(payload.get("msg_ids"))).isEqualTo(ids);
		});
	}

	@Test
	void batchOfTwoThousandIsOneValidNotificationForEachChannel() throws SQLException {
		this.client.sql("select setval('pgmq.q_worker_payments_queue_msg_id_seq', ?)")
			.param(Long.MAX_VALUE - 5000)
			.query()
			.singleRow();
		this.client.sql("""
				select * from tasker_pgmq.pgmq_send_batch_with_notify('worker_payments_queue',
					array(select to_jsonb('ünïcödé ' || i) from generate_series(1, 2000) i), null, 0)
				""").query().listOfRows();
		List<Heard> heard = heard();
		assertThat(heard).extracting(Heard::channel)
			.containsExactlyInAnyOrder("pgmq_message_ready.payments", "pgmq_message_ready");
		assertThat(heard).extracting(Heard::payload).allSatisfy((payload) -> {
			assertThat(payload.get("message_count").asInt()).isEqualTo(2000);
			assertThat(payload.get("truncated").asBoolean()).isTrue();
			assertThat(longs(payload.get("msg_ids"))).hasSizeGreaterThan(300).startsWith(Long.MAX_VALUE - 4999);
		});
	}

	@Test
	void payloadIsValidAtEverySize() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 400; i++) {
			int size = (i < 40) ? i + 1 : 1 + random.nextInt(5000);
			int bits = 1 + random.nextInt(63);
			Long[] ids = LongStream.generate(() -> random.nextLong() >>> (64 - bits))
				.limit(size)
				.boxed()
				.toArray(Long[]::new);
			String queue = "q".repeat(1 + random.nextInt(47));
			String text = this.client.sql("select tasker_pgmq.message_ready_payload(?::text, ?, ?)::text")
				.params(queue, ids, random.nextInt(Integer.MAX_VALUE))
				.query(String.class)
				.single();
			String description = "seed %d, size %d, bits %d".formatted(seed, size, bits);
			assertThat(text.getBytes(StandardCharsets.UTF_8)).as(description).hasSizeLessThanOrEqualTo(7900);
			JsonNode payload = json.readTree(text);
			if (size == 1) {
				assertThat(payload.get("msg_id").asLong()).as(description).isEqualTo(ids[0]);
				continue;
			}
			List<Long> announced = longs(payload.get("msg_ids"));
			assertThat(announced).as(description).isNotEmpty().isEqualTo(List.of(ids).subList(0, announced.size()));
			assertThat(payload.get("message_count").asInt()).as(description).isEqualTo(size);
			assertThat(payload.has("truncated")).as(description).isEqualTo(announced.size() < size);
			if (announced.size() < size) {
				// Another id would not have fit.
				assertThat(text.length() + ids[announced.size()].toString().length() + 2).as(description)
					.isGreaterThan(7900 - 4);
			}
		}
	}

	@Test
	void emptyBatchSendsAndAnnouncesNothing() throws SQLException {
		assertThat(
				this.client.sql("select * from tasker_pgmq.pgmq_send_batch_with_notify('worker_payments_queue', '{}')")
					.query()
					.listOfRows())
			.isEmpty();
		assertThat(
				this.client.sql("select * from tasker_pgmq.pgmq_send_batch_with_notify('worker_payments_queue', null)")
					.query()
					.listOfRows())
			.isEmpty();
		assertThat(heardAtOnce()).isEmpty();
	}

	@Test
	void headersMustBeAsManyAsMessages() throws SQLException {
		assertThatFailure(() -> this.client.sql("""
				select * from tasker_pgmq.pgmq_send_batch_with_notify('worker_payments_queue',
					array['1', '2']::jsonb[], array['{}', '{}', '{}']::jsonb[], 0)
				""").query().listOfRows(), "22023", "2 messages and 3 headers");
		assertThat(heardAtOnce()).isEmpty();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(ints = -1)
	void delayThatIsNoneIsRefused(Integer delay) {
		assertThatFailure(() -> single("pgmq_send_with_notify('worker_payments_queue', '{}', %d)".formatted(delay)),
				"22023", "delay_seconds");
	}

	@Test
	void onlyMessagesOfQueuesAreAnnounced() throws SQLException {
		assertThatFailure(() -> this.client.sql("select tasker_pgmq.notify_message_ready('not_there', '{1}')")
			.query()
			.singleRow(), "42P01", "not_there");
		assertThatFailure(() -> this.client.sql("select tasker_pgmq.notify_message_ready(?, '{1}')")
			.param("q".repeat(60))
			.query()
			.singleRow(), "22023", "q".repeat(60));
		assertThat(heardAtOnce()).isEmpty();
	}

	@Test
	void createdQueueIsAnnouncedOnce() throws SQLException {
		createQueue("tasker_dispatch_refunds");
		createQueue("tasker_dispatch_refunds");
		assertThat(heard()).singleElement().satisfies((heard) -> {
			assertThat(heard.channel()).isEqualTo("pgmq_queue_created");
			assertThat(heard.payload().propertyNames()).containsExactlyInAnyOrder("event_type", "queue_name",
					"namespace", "created_at");
			assertThat(heard.payload().get("event_type").asString()).isEqualTo("queue_created");
			assertThat(heard.payload().get("queue_name").asString()).isEqualTo("tasker_dispatch_refunds");
			assertThat(heard.payload().get("namespace").asString()).isEqualTo("refunds");
			assertThat(Instant.parse(heard.payload().get("created_at").asString())).isCloseTo(Instant.now(),
					within(1, ChronoUnit.MINUTES));
		});
	}

	@Test
	void queueOfARoleThatDoesNotKnowOurSchemaIsAnnounced() throws SQLException {
		JdbcClient administrator = JdbcClient.create(database().superuserDataSource());
		administrator.sql("create role queue_maker").update();
		try {
			administrator.sql("grant usage on schema pgmq to queue_maker").update();
			administrator.sql("grant insert on pgmq.meta to queue_maker").update();
			administrator.sql("""
					begin; set local role queue_maker;
					insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values ('gone', false, false);
					commit""").update();
			assertThat(heard()).singleElement().extracting(Heard::channel).isEqualTo("pgmq_queue_created");
		}
		finally {
			administrator.sql("delete from pgmq.meta where queue_name = 'gone'").update();
			administrator.sql("drop owned by queue_maker").update();
			administrator.sql("drop role queue_maker").update();
		}
	}

	private long single(String call) {
		return this.client.sql("select tasker_pgmq." + call).query(Long.class).single();
	}

	private static List<Long> longs(JsonNode array) {
		return array.valueStream().map(JsonNode::asLong).toList();
	}

	/**
	 * Waits for the first notification; all of a transaction arrive together.
	 */
	private List<Heard> heard() throws SQLException {
		return heard(10_000);
	}

	/**
	 * Everything committed so far is there after a round trip.
	 */
	private List<Heard> heardAtOnce() throws SQLException {
		try (Statement statement = this.listener.createStatement()) {
			statement.execute("select 1");
		}
		return heard(1);
	}

	private List<Heard> heard(int timeoutMillis) throws SQLException {
		PGNotification[] notifications = this.listener.unwrap(PGConnection.class).getNotifications(timeoutMillis);
		List<Heard> heard = new ArrayList<>();
		for (PGNotification notification : (notifications != null) ? notifications : new PGNotification[0]) {
			heard.add(new Heard(notification.getName(), json.readTree(notification.getParameter())));
		}
		return heard;
	}

	record Heard(String channel, JsonNode payload) {
	}

}
