/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PgmqMessagingServiceIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private static MessagingFixture fixture;

	private final MessagingService service = fixture.service();

	private final JdbcClient jdbc = fixture.jdbc();

	private final String queue = fixture.newQueue();

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	@Test
	void timesAreThoseOfTheRow() {
		QueuedMessage<Integer> message = sendAndReceive();
		assertThat(message.enqueuedAt()).isEqualTo(time("enqueued_at", message.id()));
		assertThat(message.visibleAt()).isEqualTo(time("vt", message.id()));
	}

	@Test
	void receiveSortsByIdWhateverTheOrderOfRows() {
		List<MessageId> ids = this.service.sendBatch(this.queue, IntStream.range(0, 300).boxed().toList());
		// Moves the first rows behind the others.
		this.jdbc.sql("update pgmq.q_%s set vt = clock_timestamp() where msg_id <= 3".formatted(this.queue)).update();
		this.jdbc.sql("analyze pgmq.q_" + this.queue).update();
		assertThat(receive(300)).extracting(QueuedMessage::id).isEqualTo(ids);
	}

	@Test
	void visibilityTimeoutIsWholeSecondsRoundedUp() {
		this.service.sendMessage(this.queue, 1);
		QueuedMessage<Integer> message = this.service
			.receiveMessages(this.queue, Integer.class, 1, Duration.ofMillis(59_001))
			.get(0);
		assertThat(secondsHidden(message.id())).isBetween(40.0, 60.0);
		assertThat(Duration.between(message.enqueuedAt(), message.visibleAt())).isGreaterThanOrEqualTo(MINUTE);
	}

	@Test
	void delayIsWholeSecondsRoundedUp() {
		MessageId id = this.service.sendMessage(this.queue, 1, SendOptions.none().withDelay(Duration.ofMillis(59_001)));
		assertThat(secondsHidden(id)).isBetween(40.0, 60.0);
		assertThat(Duration.between(time("enqueued_at", id), time("vt", id))).isGreaterThanOrEqualTo(MINUTE);
	}

	@Test
	void notBeforeIsAPointInTimeToTheSecond() {
		Instant notBefore = Instant.now().plusMillis(90_500);
		SendOptions options = SendOptions.none().withNotBefore(notBefore);
		MessageId id = this.service.sendMessage(this.queue, 1, options);
		assertThat(time("vt", id)).isBetween(notBefore.minusMillis(1), notBefore.plusSeconds(2));
		MessageId idOfBatch = this.service.sendBatch(this.queue, List.of(2), options).get(0);
		assertThat(time("vt", idOfBatch)).isBetween(notBefore.minusMillis(1), notBefore.plusSeconds(2));
	}

	@Test
	void rowThatAnotherClientLeftWithoutMessageDoesNotFailItsBatch() {
		this.service.sendMessage(this.queue, 1);
		this.jdbc.sql("insert into pgmq.q_%s (vt, message, headers) values (now(), null, '[1]')".formatted(this.queue))
			.update();
		this.service.sendMessage(this.queue, 3);
		List<QueuedMessage<Integer>> messages = receive(10);
		assertThat(messages).extracting(QueuedMessage::rawPayload).containsExactly("1", "null", "3");
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> messages.get(1).payload());
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> messages.get(1).headers());
		assertThat(messages.get(1).rawHeaders()).isEqualTo("[1]");
	}

	@Test
	void statsOfALongQueueAreEstimated() {
		this.jdbc.sql("alter table pgmq.q_%s set (autovacuum_enabled = off)".formatted(this.queue)).update();
		this.jdbc.sql("""
				insert into pgmq.q_%s (vt, message)
				select clock_timestamp() + (id %% 2) * interval '1 hour', '1' from generate_series(1, 12000) as id
				""".formatted(this.queue)).update();
		this.jdbc.sql("analyze pgmq.q_" + this.queue).update();
		this.jdbc.sql("delete from pgmq.q_%s where msg_id <= 1500".formatted(this.queue)).update();
		QueueStats estimated = this.service.queueStats(this.queue);
		assertThat(estimated.length()).as("by the statistics").hasValue(12_000);
		assertThat(estimated.visible()).as("counted").hasValue(5250);
		assertThat(estimated.totalSent()).hasValue(12_000);
		assertThat(estimated.oldestAge()).hasValueSatisfying((age) -> assertThat(age).isLessThan(MINUTE));
		this.jdbc.sql("delete from pgmq.q_%s where msg_id <= 2000".formatted(this.queue)).update();
		QueueStats exact = this.service.queueStats(this.queue);
		assertThat(exact.length()).hasValue(10_000);
		assertThat(exact.visible()).hasValue(5000);
		assertThat(exact.inFlight()).hasValue(5000);
	}

	@Test
	void nackToRequeueLeavesTheRowAsItIs() {
		QueuedMessage<Integer> message = sendAndReceive();
		this.service.nackMessage(this.queue, message.handle(), true);
		assertThat(time("vt", message.id())).isEqualTo(message.visibleAt());
	}

	@Test
	void nackWithoutRequeueKeepsTheRowInTheArchive() {
		QueuedMessage<Integer> message = sendAndReceive();
		this.service.nackMessage(this.queue, message.handle(), false);
		assertThat(fixture.count("q_" + this.queue)).isZero();
		assertThat(this.jdbc.sql("select msg_id, read_ct, message::text from pgmq.a_" + this.queue).query().singleRow())
			.isEqualTo(Map.of("msg_id", message.id().value(), "read_ct", 1, "message", "1"));
	}

	@Test
	void nackWithDelayCountsFromTheClockOfTheDatabase() {
		QueuedMessage<Integer> message = sendAndReceive();
		this.service.nackMessage(this.queue, message.handle(), Duration.ofMinutes(10));
		assertThat(secondsHidden(message.id())).isBetween(570.0, 600.0);
	}

	@Test
	void extendedVisibilityCountsFromTheClockOfTheDatabase() {
		QueuedMessage<Integer> message = sendAndReceive();
		this.service.extendVisibility(this.queue, message.handle(), Duration.ofSeconds(30));
		assertThat(secondsHidden(message.id())).isBetween(10.0, 30.0);
	}

	@Test
	void ensureQueueKeepsTheMessagesOfADamagedQueue() {
		this.jdbc.sql("drop table pgmq.a_" + this.queue).update();
		this.service.sendMessage(this.queue, 1);
		this.service.ensureQueue(this.queue);
		assertThat(receive(1)).hasSize(1);
		assertThat(fixture.count("a_" + this.queue)).isZero();
	}

	@Test
	void verifyQueuesSaysWhatADamagedQueueLacksAndEnsureQueuesRestoresIt() {
		String unlisted = fixture.newQueue();
		this.jdbc.sql("delete from pgmq.meta where queue_name = ?").param(unlisted).update();
		String withoutTable = fixture.newQueue();
		this.jdbc.sql("drop table pgmq.q_" + withoutTable).update();
		String withoutArchive = fixture.newQueue();
		this.jdbc.sql("drop table pgmq.a_" + withoutArchive).update();
		List<String> damaged = List.of(unlisted, withoutTable, withoutArchive);
		assertThat(this.service.verifyQueues(damaged).errors()).hasSize(3)
			.hasEntrySatisfying(unlisted, (error) -> assertThat(error).contains("pgmq.meta"))
			.hasEntrySatisfying(withoutTable, (error) -> assertThat(error).contains("pgmq.q_" + withoutTable))
			.hasEntrySatisfying(withoutArchive, (error) -> assertThat(error).contains("pgmq.a_" + withoutArchive));
		this.service.ensureQueues(damaged);
		assertThat(this.service.verifyQueues(damaged).healthy()).isEqualTo(damaged);
	}

	@Test
	void archivingWithoutTheArchiveSaysWhatMayBeMissing() {
		this.service.sendMessage(this.queue, 1);
		ReceiptHandle handle = receive(1).get(0).handle();
		this.jdbc.sql("drop table pgmq.a_" + this.queue).update();
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.service.nackMessage(this.queue, handle, false))
			.withMessageContaining("\"%s\" or its archive", this.queue)
			.withMessageContaining("ensureQueue");
		this.service.ensureQueue(this.queue);
		this.service.nackMessage(this.queue, handle, false);
		assertThat(fixture.count("a_" + this.queue)).isOne();
	}

	@Test
	void statsHaveAllFigures() {
		this.service.sendBatch(this.queue, List.of(1, 2, 3));
		receive(1);
		this.jdbc
			.sql("update pgmq.q_%s set enqueued_at = now() - interval '1 hour' where msg_id = 1".formatted(this.queue))
			.update();
		QueueStats stats = this.service.queueStats(this.queue);
		assertThat(stats.length()).hasValue(3);
		assertThat(stats.visible()).hasValue(2);
		assertThat(stats.totalSent()).hasValue(3);
		assertThat(stats.oldestAge()).get()
			.satisfies((age) -> assertThat(age).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61)));
		assertThat(stats.newestAge()).get().satisfies((age) -> assertThat(age).isBetween(Duration.ZERO, MINUTE));
	}

	@Test
	void isNamedPgmq() {
		assertThat(this.service.providerName()).isEqualTo("pgmq");
	}

	private List<QueuedMessage<Integer>> receive(int max) {
		return this.service.receiveMessages(this.queue, Integer.class, max, MINUTE);
	}

	private QueuedMessage<Integer> sendAndReceive() {
		this.service.sendMessage(this.queue, 1);
		return receive(1).get(0);
	}

	private double secondsHidden(MessageId id) {
		return this.jdbc
			.sql("select extract(epoch from vt - clock_timestamp()) from pgmq.q_%s where msg_id = %s"
				.formatted(this.queue, id))
			.query(Double.class)
			.single();
	}

	private Instant time(String column, MessageId id) {
		return this.jdbc.sql("select %s as t from pgmq.q_%s where msg_id = %s".formatted(column, this.queue, id))
			.query((row, index) -> row.getObject("t", OffsetDateTime.class))
			.single()
			.toInstant();
	}

}
