/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueHealthReport;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

class PgmqMessagingServiceIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private static final MessagingFixture fixture = new MessagingFixture();

	private final MessagingService service = fixture.service();

	private final JdbcClient jdbc = fixture.jdbc();

	private final String queue = fixture.newQueue();

	@Test
	void deliversWhatWasSent() {
		Instant before = Instant.now();
		MessageId id = this.service.sendMessage(this.queue, new Order(7, "socks €"),
				SendOptions.none().withHeader("traceparent", "00-1").withHeader("depth", List.of(1, 2)));
		List<QueuedMessage<Order>> messages = this.service.receiveMessages(this.queue, Order.class, 10, MINUTE);
		assertThat(messages).singleElement().satisfies((message) -> {
			assertThat(message.queue()).isEqualTo(this.queue);
			assertThat(message.id()).isEqualTo(id);
			assertThat(message.handle()).isEqualTo(new ReceiptHandle(id.toString()));
			assertThat(message.receiveCount()).isEqualTo(1);
			assertThat(message.enqueuedAt()).isCloseTo(before, within(Duration.ofSeconds(20)));
			assertThat(Duration.between(message.enqueuedAt(), message.visibleAt())).isBetween(MINUTE,
					MINUTE.plusSeconds(20));
			assertThat(message.headers()).isEqualTo(Map.of("traceparent", "00-1", "depth", List.of(1, 2)));
			assertThat(message.payload()).isEqualTo(new Order(7, "socks €"));
			assertThat(message.rawPayload()).isEqualTo("{\"id\": 7, \"item\": \"socks €\"}");
		});
	}

	@Test
	void receiveReturnsAtOnceWhenThereIsNothing() {
		assertThat(this.service.receiveMessages(this.queue, Order.class, 10, MINUTE)).isEmpty();
	}

	@Test
	void receiveReturnsNoMoreThanAskedForAndHidesThem() {
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(1, 2, 3));
		assertThat(receive(2)).extracting(QueuedMessage::id).containsExactly(ids.get(0), ids.get(1));
		assertThat(receive(2)).extracting(QueuedMessage::id).containsExactly(ids.get(2));
		assertThat(receive(2)).isEmpty();
	}

	@Test
	void receiveWithoutVisibilityTimeoutHidesNothingAndCounts() {
		this.service.sendMessage(this.queue, 1);
		assertThat(this.service.receiveMessages(this.queue, Integer.class, 1, Duration.ZERO)).singleElement()
			.satisfies((message) -> assertThat(message.receiveCount()).isEqualTo(1));
		assertThat(receive(1)).singleElement().satisfies((message) -> assertThat(message.receiveCount()).isEqualTo(2));
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
	void roundsVisibilityTimeoutUp() {
		this.service.sendMessage(this.queue, 1);
		QueuedMessage<Integer> message = this.service
			.receiveMessages(this.queue, Integer.class, 1, Duration.ofMillis(59_001))
			.get(0);
		assertThat(secondsHidden(message.id())).isBetween(40.0, 60.0);
		assertThat(Duration.between(message.enqueuedAt(), message.visibleAt())).isGreaterThanOrEqualTo(MINUTE);
	}

	@Test
	void receivesByIdOnceAndOnlyWhatIsVisible() {
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(1, 2));
		assertThat(this.service.receiveMessage(this.queue, Integer.class, ids.get(1), MINUTE)).get()
			.satisfies((message) -> {
				assertThat(message.id()).isEqualTo(ids.get(1));
				assertThat(message.payload()).isEqualTo(2);
				assertThat(message.receiveCount()).isEqualTo(1);
				assertThat(message.headers()).isEmpty();
			});
		assertThat(this.service.receiveMessage(this.queue, Integer.class, ids.get(1), MINUTE)).isEmpty();
		assertThat(this.service.receiveMessage(this.queue, Integer.class, new MessageId(99), MINUTE)).isEmpty();
		assertThat(receive(2)).extracting(QueuedMessage::id).containsExactly(ids.get(0));
	}

	@Test
	void batchReturnsIdsInInputOrderAndGivesEachTheOptions() {
		List<String> payloads = IntStream.range(0, 200).mapToObj((i) -> "p" + i).toList();
		List<MessageId> ids = this.service.sendBatch(this.queue, payloads, SendOptions.none().withHeader("a", 1));
		List<QueuedMessage<String>> messages = this.service.receiveMessages(this.queue, String.class, 1000, MINUTE);
		assertThat(messages).extracting(QueuedMessage::id).isEqualTo(ids);
		assertThat(messages).extracting(QueuedMessage::payload).isEqualTo(payloads);
		assertThat(messages).allSatisfy((message) -> assertThat(message.headers()).isEqualTo(Map.of("a", 1)));
	}

	@Test
	void emptyBatchSendsNothing() {
		assertThat(this.service.sendBatch(this.queue, List.of())).isEmpty();
		assertThat(this.service.sendBatch(this.queue, List.of(), SendOptions.none().withHeader("a", 1))).isEmpty();
		assertThat(fixture.count("q_" + this.queue)).isZero();
	}

	@Test
	void batchSendsNothingWhenOnePayloadIsBad() {
		List<Object> payloads = new ArrayList<>(List.of(1, 2));
		payloads.add(null);
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.service.sendBatch(this.queue, payloads));
		assertThat(fixture.count("q_" + this.queue)).isZero();
	}

	@Test
	void delayHidesAMessageForWholeSecondsRoundedUp() {
		MessageId id = this.service.sendMessage(this.queue, 1, SendOptions.none().withDelay(Duration.ofMillis(59_001)));
		assertThat(receive(1)).isEmpty();
		assertThat(secondsHidden(id)).isBetween(40.0, 60.0);
		assertThat(enqueuedToVisible(id)).isGreaterThanOrEqualTo(MINUTE);
	}

	@Test
	void delayHoldsForEachMessageOfABatch() {
		this.service.sendBatch(this.queue, List.of(1, 2), SendOptions.none().withDelay(MINUTE));
		assertThat(receive(2)).isEmpty();
		assertThat(this.service.queueStats(this.queue).inFlight()).hasValue(2);
	}

	@Test
	void notBeforeHidesAMessageUntilThen() {
		Instant notBefore = Instant.now().plusMillis(90_500);
		MessageId id = this.service.sendMessage(this.queue, 1, SendOptions.none().withNotBefore(notBefore));
		assertThat(visibleAt(id)).isBetween(notBefore.minusMillis(1), notBefore.plusSeconds(2));
		List<MessageId> ids = this.service.sendBatch(this.queue, List.of(2),
				SendOptions.none().withNotBefore(notBefore));
		assertThat(visibleAt(ids.get(0))).isBetween(notBefore.minusMillis(1), notBefore.plusSeconds(2));
	}

	@Test
	void notBeforeInThePastIsNow() {
		this.service.sendMessage(this.queue, 1, SendOptions.none().withNotBefore(Instant.EPOCH));
		assertThat(receive(1)).hasSize(1);
	}

	@Test
	void theLaterOfDelayAndNotBeforeCounts() {
		Instant inTenMinutes = Instant.now().plusSeconds(600);
		SendOptions options = SendOptions.none().withNotBefore(inTenMinutes);
		MessageId shorterDelay = this.service.sendMessage(this.queue, 1, options.withDelay(MINUTE));
		MessageId longerDelay = this.service.sendMessage(this.queue, 1, options.withDelay(Duration.ofHours(1)));
		assertThat(secondsHidden(shorterDelay)).isBetween(570.0, 601.0);
		assertThat(secondsHidden(longerDelay)).isBetween(3570.0, 3601.0);
	}

	@Test
	void undecodableMessageDoesNotFailItsBatch() {
		this.service.sendMessage(this.queue, new Order(1, "a"));
		this.service.sendMessage(this.queue, "no order");
		this.jdbc.sql("insert into pgmq.q_%s (vt, message, headers) values (now(), null, '[1]')".formatted(this.queue))
			.update();
		this.service.sendMessage(this.queue, new Order(4, "b"));
		List<QueuedMessage<Order>> messages = this.service.receiveMessages(this.queue, Order.class, 10, MINUTE);
		assertThat(messages).extracting(QueuedMessage::rawPayload)
			.containsExactly("{\"id\": 1, \"item\": \"a\"}", "\"no order\"", "null", "{\"id\": 4, \"item\": \"b\"}");
		assertThat(messages.get(0).payload()).isEqualTo(new Order(1, "a"));
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> messages.get(1).payload());
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> messages.get(2).payload());
		assertThat(messages.get(2).headers()).isEmpty();
		assertThat(messages.get(3).payload()).isEqualTo(new Order(4, "b"));
	}

	@Test
	void ackDeletesOnce() {
		ReceiptHandle handle = sendAndReceive();
		this.service.ackMessage(this.queue, handle);
		assertThat(fixture.count("q_" + this.queue)).isZero();
		assertThat(fixture.count("a_" + this.queue)).isZero();
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.ackMessage(this.queue, handle))
			.withMessageContaining(this.queue)
			.withMessageContaining(handle.value());
	}

	@Test
	void ackOfManyReturnsThoseNotFound() {
		List<ReceiptHandle> handles = new ArrayList<>();
		this.service.sendBatch(this.queue, List.of(1, 2, 3));
		receive(3).forEach((message) -> handles.add(message.handle()));
		this.service.ackMessage(this.queue, handles.get(1));
		handles.add(new ReceiptHandle("foreign"));
		assertThat(this.service.ackMessages(this.queue, handles)).containsExactly(handles.get(1), handles.get(3));
		assertThat(fixture.count("q_" + this.queue)).isZero();
		assertThat(this.service.ackMessages(this.queue, List.of())).isEmpty();
	}

	@Test
	void foreignHandleNamesNoMessage() {
		ReceiptHandle ours = sendAndReceive();
		for (String value : List.of("", "x", "0" + ours, "+" + ours, " " + ours, "9223372036854775808")) {
			ReceiptHandle foreign = new ReceiptHandle(value);
			assertThatExceptionOfType(MessageNotFoundException.class)
				.isThrownBy(() -> this.service.ackMessage(this.queue, foreign));
			assertThatExceptionOfType(MessageNotFoundException.class)
				.isThrownBy(() -> this.service.nackMessage(this.queue, foreign, false));
			assertThatExceptionOfType(MessageNotFoundException.class)
				.isThrownBy(() -> this.service.extendVisibility(this.queue, foreign, MINUTE));
		}
		assertThat(fixture.count("q_" + this.queue)).isEqualTo(1);
	}

	@Test
	void nackToRequeueLeavesTheMessageToItsVisibilityTimeout() {
		ReceiptHandle handle = sendAndReceive();
		Instant visibleAt = visibleAt(handle);
		this.service.nackMessage(this.queue, handle, true);
		assertThat(visibleAt(handle)).isEqualTo(visibleAt);
	}

	@Test
	void nackWithoutRequeueArchivesOnce() {
		ReceiptHandle handle = sendAndReceive();
		this.service.nackMessage(this.queue, handle, false);
		assertThat(fixture.count("q_" + this.queue)).isZero();
		assertThat(this.jdbc.sql("select msg_id, read_ct, message from pgmq.a_" + this.queue).query().singleRow())
			.containsEntry("msg_id", Long.valueOf(handle.value()))
			.containsEntry("read_ct", 1);
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.nackMessage(this.queue, handle, false));
	}

	@Test
	void nackWithDelayBringsTheMessageBackAfterIt() {
		ReceiptHandle handle = sendAndReceive();
		this.service.nackMessage(this.queue, handle, Duration.ofMinutes(10));
		assertThat(secondsHidden(handle)).isBetween(570.0, 600.0);
		this.service.nackMessage(this.queue, handle, Duration.ZERO);
		assertThat(receive(1)).singleElement().satisfies((message) -> assertThat(message.receiveCount()).isEqualTo(2));
		this.service.ackMessage(this.queue, handle);
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.nackMessage(this.queue, handle, MINUTE));
	}

	@Test
	void extendedVisibilityCountsFromNow() {
		ReceiptHandle handle = sendAndReceive();
		this.service.extendVisibility(this.queue, handle, Duration.ofSeconds(30));
		assertThat(secondsHidden(handle)).isBetween(10.0, 30.0);
		this.service.ackMessage(this.queue, handle);
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.extendVisibility(this.queue, handle, MINUTE));
	}

	@Test
	void ensureQueueIsIdempotentAndKeepsMessages() {
		this.service.sendMessage(this.queue, 1);
		this.service.ensureQueue(this.queue);
		this.service.ensureQueues(List.of(this.queue, this.queue));
		this.service.ensureQueues(List.of());
		assertThat(receive(1)).hasSize(1);
	}

	@Test
	void ensureQueueRestoresWhatIsDamaged() {
		this.jdbc.sql("drop table pgmq.a_" + this.queue).update();
		this.service.sendMessage(this.queue, 1);
		this.service.ensureQueue(this.queue);
		assertThat(receive(1)).hasSize(1);
		assertThat(fixture.count("a_" + this.queue)).isZero();
	}

	@Test
	void verifyQueuesTellsHealthyMissingAndDamagedOnesApart() {
		String unlisted = fixture.newQueue();
		this.jdbc.sql("delete from pgmq.meta where queue_name = ?").param(unlisted).update();
		String withoutTable = fixture.newQueue();
		this.jdbc.sql("drop table pgmq.q_" + withoutTable).update();
		String withoutArchive = fixture.newQueue();
		this.jdbc.sql("drop table pgmq.a_" + withoutArchive).update();
		QueueHealthReport report = this.service.verifyQueues(List.of("not_there", this.queue, "Bad-Name", unlisted,
				withoutTable, withoutArchive, "not_there_either", this.queue));
		assertThat(report.healthy()).containsExactly(this.queue);
		assertThat(report.missing()).containsExactly("not_there", "not_there_either");
		assertThat(report.errors()).containsOnlyKeys("Bad-Name", unlisted, withoutTable, withoutArchive);
		assertThat(report.errors().get("Bad-Name")).contains("Invalid queue name");
		assertThat(report.errors().get(unlisted)).contains("pgmq.meta");
		assertThat(report.errors().get(withoutTable)).contains("pgmq.q_" + withoutTable);
		assertThat(report.errors().get(withoutArchive)).contains("pgmq.a_" + withoutArchive);
		this.service.ensureQueues(List.of(unlisted, withoutTable, withoutArchive));
		assertThat(this.service.verifyQueues(List.of(unlisted, withoutTable, withoutArchive)).errors()).isEmpty();
		assertThat(this.service.verifyQueues(List.of()))
			.isEqualTo(new QueueHealthReport(List.of(), List.of(), Map.of()));
	}

	@Test
	void statsCountMessages() {
		this.service.sendBatch(this.queue, List.of(1, 2, 3));
		receive(1);
		this.jdbc
			.sql("update pgmq.q_%s set enqueued_at = now() - interval '1 hour' where msg_id = 1".formatted(this.queue))
			.update();
		QueueStats stats = this.service.queueStats(this.queue);
		assertThat(stats.queue()).isEqualTo(this.queue);
		assertThat(stats.length()).hasValue(3);
		assertThat(stats.visible()).hasValue(2);
		assertThat(stats.inFlight()).hasValue(1);
		assertThat(stats.totalSent()).hasValue(3);
		assertThat(stats.oldestAge()).get()
			.satisfies((age) -> assertThat(age).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61)));
		assertThat(stats.newestAge()).get().satisfies((age) -> assertThat(age).isBetween(Duration.ZERO, MINUTE));
	}

	@Test
	void statsOfAnEmptyQueueHaveNoAges() {
		QueueStats stats = this.service.queueStats(this.queue);
		assertThat(stats.length()).hasValue(0);
		assertThat(stats.totalSent()).hasValue(0);
		assertThat(stats.oldestAge()).isEmpty();
		assertThat(stats.newestAge()).isEmpty();
	}

	@Test
	void isHealthyWhenTheDatabaseAnswers() {
		assertThat(this.service.healthCheck()).satisfies((report) -> {
			assertThat(report.healthy()).isTrue();
			assertThat(report.responseTime()).isPositive();
			assertThat(report.detail()).isNull();
		});
		assertThat(this.service.providerName()).isEqualTo("pgmq");
	}

	private List<QueuedMessage<Integer>> receive(int max) {
		return this.service.receiveMessages(this.queue, Integer.class, max, MINUTE);
	}

	private ReceiptHandle sendAndReceive() {
		this.service.sendMessage(this.queue, 1);
		return receive(1).get(0).handle();
	}

	private double secondsHidden(Object id) {
		return this.jdbc
			.sql("select extract(epoch from vt - clock_timestamp()) from pgmq.q_%s where msg_id = %s"
				.formatted(this.queue, id))
			.query(Double.class)
			.single();
	}

	private Instant visibleAt(Object id) {
		return this.jdbc.sql("select vt from pgmq.q_%s where msg_id = %s".formatted(this.queue, id))
			.query((row, index) -> row.getObject("vt", OffsetDateTime.class))
			.single()
			.toInstant();
	}

	private Duration enqueuedToVisible(MessageId id) {
		return Duration.ofNanos((long) (1_000_000_000 * this.jdbc
			.sql("select extract(epoch from vt - enqueued_at) from pgmq.q_%s where msg_id = %s".formatted(this.queue,
					id))
			.query(Double.class)
			.single()));
	}

	record Order(int id, String item) {

	}

}
