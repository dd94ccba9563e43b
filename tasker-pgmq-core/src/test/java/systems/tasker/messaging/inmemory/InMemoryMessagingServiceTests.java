/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessageTooLargeException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class InMemoryMessagingServiceTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration NANO = Duration.ofNanos(1);

	private static final Instant START = SettableClock.START;

	private final SettableClock clock = new SettableClock();

	private final InMemoryMessagingService service = new InMemoryMessagingService(new JacksonMessageSerializer(), 64,
			this.clock);

	@BeforeEach
	void createQueue() {
		this.service.ensureQueue("q");
	}

	@Test
	void refusesBadArgumentsByName() {
		MessageSerializer serializer = new JacksonMessageSerializer();
		assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryMessagingService(null, 1, this.clock))
			.withMessage("serializer must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryMessagingService(serializer, 1, null))
			.withMessage("clock must not be null");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new InMemoryMessagingService(serializer, 1, this.clock, null))
			.withMessage("observationRegistry must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryMessagingService(serializer, 0, this.clock))
			.withMessage("maxMessageBytes must be at least 1, but is 0");
	}

	@Test
	void messageIsVisibleAtTheInstantItIsSent() {
		this.service.sendMessage("q", 1);
		assertThat(receive(1)).singleElement().satisfies((message) -> {
			assertThat(message.enqueuedAt()).isEqualTo(START);
			assertThat(message.visibleAt()).isEqualTo(START.plusSeconds(60));
			assertThat(message.receiveCount()).isEqualTo(1);
			assertThat(message.handle()).isEqualTo(new ReceiptHandle("q/1"));
			assertThat(message.queue()).isEqualTo("q");
		});
	}

	@ParameterizedTest
	@CsvSource({ "PT1S, 1", "PT0.000000001S, 1", "PT59.001S, 60", "PT1H, 3600" })
	void receivedMessageComesBackAfterWholeSecondsAndNotBefore(Duration visibilityTimeout, int seconds) {
		this.service.sendMessage("q", 1);
		this.service.receiveMessages("q", Integer.class, 1, visibilityTimeout);
		assertReceivableAfter(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "PT1S, 1", "PT0.5S, 1", "PT1.5S, 2" })
	void messageReceivedByIdComesBackAfterWholeSecondsAndNotBefore(Duration visibilityTimeout, int seconds) {
		MessageId id = this.service.sendMessage("q", 1);
		assertThat(this.service.receiveMessage("q", Integer.class, id, visibilityTimeout)).get()
			.extracting(QueuedMessage::visibleAt)
			.isEqualTo(START.plusSeconds(seconds));
		this.clock.advance(Duration.ofSeconds(seconds).minus(NANO));
		assertThat(this.service.receiveMessage("q", Integer.class, id, MINUTE)).isEmpty();
		this.clock.advance(NANO);
		assertThat(this.service.receiveMessage("q", Integer.class, id, MINUTE)).get()
			.extracting(QueuedMessage::receiveCount)
			.isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "PT1S, 1", "PT0.000000001S, 1", "PT59.001S, 60" })
	void delayIsWholeSecondsRoundedUp(Duration delay, int seconds) {
		this.service.sendMessage("q", 1, SendOptions.none().withDelay(delay));
		assertReceivableAfter(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "PT90.5S, 91", "PT2S, 2", "PT0.000000001S, 1" })
	void notBeforeIsWholeSecondsAheadRoundedUp(Duration ahead, int seconds) {
		this.service.sendMessage("q", 1, SendOptions.none().withNotBefore(START.plus(ahead)));
		assertReceivableAfter(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "PT2S, PT9S, 9", "PT9S, PT2S, 9", "PT2S, PT0S, 2", "PT2S, PT-9S, 2" })
	void theLaterOfDelayAndNotBeforeCounts(Duration delay, Duration ahead, int seconds) {
		this.service.sendBatch("q", List.of(1), SendOptions.none().withDelay(delay).withNotBefore(START.plus(ahead)));
		assertReceivableAfter(seconds);
	}

	@Test
	void notBeforeTooFarAheadSendsNothing() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.service.sendMessage("q", 1, SendOptions.none().withNotBefore(Instant.MAX)))
			.withMessageStartingWith("notBefore must");
		assertThat(this.service.sendMessage("q", 1, SendOptions.none().withNotBefore(Instant.MIN)))
			.isEqualTo(new MessageId(1));
		assertThat(receive(10)).hasSize(1);
	}

	@Test
	void extendedVisibilityCountsFromNow() {
		ReceiptHandle handle = sendAndReceive();
		this.clock.advance(Duration.ofSeconds(30));
		this.service.extendVisibility("q", handle, Duration.ofMillis(9_001));
		assertReceivableAfter(10);
	}

	@Test
	void nackWithDelayCountsFromNow() {
		ReceiptHandle handle = sendAndReceive();
		this.clock.advance(Duration.ofSeconds(30));
		this.service.nackMessage("q", handle, Duration.ofMinutes(2));
		assertReceivableAfter(120);
	}

	@Test
	void nackWithoutDelayMakesAMessageVisibleAtOnceAndLeavesItsCount() {
		ReceiptHandle handle = sendAndReceive();
		this.service.nackMessage("q", handle, Duration.ZERO);
		assertThat(receive(1)).extracting(QueuedMessage::receiveCount).containsExactly(2);
	}

	@Test
	void nackToRequeueLeavesTheMessageToItsVisibilityTimeout() {
		ReceiptHandle handle = sendAndReceive();
		this.clock.advance(Duration.ofSeconds(30));
		this.service.nackMessage("q", handle, true);
		assertReceivableAfter(30);
	}

	@Test
	void handleSettlesWhoeverReceivedTheMessageSince() {
		ReceiptHandle handle = sendAndReceive();
		this.clock.advance(MINUTE);
		assertThat(receive(1)).hasSize(1);
		this.service.ackMessage("q", handle);
		assertThat(this.service.queueStats("q").length()).hasValue(0);
	}

	@Test
	void messagesComeInTheOrderOfTheirIdsWhateverBecameOfThemBefore() {
		this.service.sendBatch("q", List.of(1, 2, 3));
		ReceiptHandle first = receive(1).get(0).handle();
		this.service.nackMessage("q", first, Duration.ZERO);
		assertThat(receive(3)).extracting(QueuedMessage::payload).containsExactly(1, 2, 3);
	}

	@Test
	void idsOfEachQueueStartAtOneAndAreNotUsedAgain() {
		this.service.ensureQueue("other");
		assertThat(this.service.sendBatch("q", List.of(1, 2))).containsExactly(new MessageId(1), new MessageId(2));
		receive(2).forEach((message) -> this.service.ackMessage("q", message.handle()));
		assertThat(this.service.sendMessage("q", 3)).isEqualTo(new MessageId(3));
		assertThat(this.service.sendMessage("other", 1)).isEqualTo(new MessageId(1));
	}

	@Test
	void archiveKeepsTheMessageAsItWasReceived() {
		this.service.sendMessage("q", 7, SendOptions.none().withHeader("h", 1));
		QueuedMessage<Integer> message = receive(1).get(0);
		this.service.nackMessage("q", message.handle(), false);
		assertThat(this.service.archived("q", Integer.class)).singleElement().satisfies((archived) -> {
			assertThat(archived.id()).isEqualTo(message.id());
			assertThat(archived.payload()).isEqualTo(7);
			assertThat(archived.headers()).isEqualTo(Map.of("h", 1));
			assertThat(archived.receiveCount()).isEqualTo(1);
			assertThat(archived.visibleAt()).isEqualTo(message.visibleAt());
		});
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> this.service.nackMessage("q", message.handle(), false));
		assertThat(this.service.archived("q", Integer.class)).hasSize(1);
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.service.archived("not_there", Integer.class));
	}

	@ParameterizedTest
	@CsvSource({ "PT0S, 0", "PT0.499999999S, 0", "PT0.5S, 1", "PT1.499S, 1", "PT61.5S, 62" })
	void agesAreRoundedToTheNearestSecondAsThoseOfPgmq(Duration age, int seconds) {
		this.service.sendMessage("q", 1);
		this.clock.advance(age);
		assertThat(this.service.queueStats("q").oldestAge()).contains(Duration.ofSeconds(seconds));
	}

	@Test
	void statsCountMessages() {
		this.service.sendBatch("q", List.of(1, 2, 3));
		this.clock.advance(MINUTE);
		this.service.sendMessage("q", 4, SendOptions.none().withDelay(MINUTE));
		this.clock.advance(Duration.ofSeconds(5));
		this.service.ackMessage("q", receive(1).get(0).handle());
		receive(1);
		QueueStats stats = this.service.queueStats("q");
		assertThat(stats.queue()).isEqualTo("q");
		assertThat(stats.length()).hasValue(3);
		assertThat(stats.visible()).hasValue(1);
		assertThat(stats.inFlight()).hasValue(2);
		assertThat(stats.oldestAge()).contains(Duration.ofSeconds(65));
		assertThat(stats.newestAge()).contains(Duration.ofSeconds(5));
		assertThat(stats.totalSent()).hasValue(4);
	}

	@Test
	void messageIsCountedAsVisibleAtTheInstantItBecomesSo() {
		this.service.sendMessage("q", 1, SendOptions.none().withDelay(MINUTE));
		this.clock.advance(MINUTE.minus(NANO));
		assertThat(this.service.queueStats("q").visible()).hasValue(0);
		this.clock.advance(NANO);
		assertThat(this.service.queueStats("q").visible()).hasValue(1);
	}

	@Test
	void statsOfAnEmptyQueueHaveNoAges() {
		QueueStats stats = this.service.queueStats("q");
		assertThat(stats.length()).hasValue(0);
		assertThat(stats.visible()).hasValue(0);
		assertThat(stats.totalSent()).hasValue(0);
		assertThat(stats.oldestAge()).isEmpty();
		assertThat(stats.newestAge()).isEmpty();
	}

	@Test
	void payloadIsReallyEncodedAndRewrittenAsPostgresDoes() {
		this.service.sendMessage("q", Map.of("longer", 1.50, "b", "x"));
		assertThat(this.service.receiveMessages("q", Object.class, 1, MINUTE)).singleElement().satisfies((message) -> {
			assertThat(message.rawPayload()).isEqualTo("{\"b\": \"x\", \"longer\": 1.5}");
			assertThat(message.payload()).isEqualTo(Map.of("longer", 1.5, "b", "x"));
		});
	}

	@Test
	void payloadAboveTheLimitIsRefused() {
		this.service.sendMessage("q", "x".repeat(62));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.service.sendBatch("q", List.of("x", "x".repeat(63))));
		assertThat(this.service.queueStats("q").totalSent()).hasValue(1);
	}

	@Test
	void whatASerializerOfTheApplicationGetsWrongIsRefused() {
		InMemoryMessagingService misled = new InMemoryMessagingService(new Verbatim(), 64, this.clock);
		misled.ensureQueue("q");
		for (String json : List.of("no JSON", "", "1 2", "{", "1e400000")) {
			assertThatExceptionOfType(MessageSerializationException.class).as(json)
				.isThrownBy(() -> misled.sendBatch("q", List.of("1", json)))
				.withMessageStartingWith("Cannot send to queue \"q\": ");
		}
		assertThat(misled.queueStats("q").totalSent()).hasValue(0);
	}

	@Test
	void headersThatAreNoObjectAreRefused() {
		InMemoryMessagingService misled = new InMemoryMessagingService(new Verbatim(), 64, this.clock);
		misled.ensureQueue("q");
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> misled.sendMessage("q", "1", SendOptions.none().withHeader("[1]", 1)));
		assertThat(misled.queueStats("q").totalSent()).hasValue(0);
	}

	@Test
	void needsNothingToStart() {
		InMemoryMessagingService plain = new InMemoryMessagingService();
		plain.ensureQueue("q");
		plain.sendMessage("q", "x".repeat(1024 * 1024 - 2));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> plain.sendMessage("q", "x".repeat(1024 * 1024 - 1)));
		assertThat(plain.receiveMessages("q", String.class, 1, MINUTE).get(0).enqueuedAt())
			.isBetween(Instant.now().minusSeconds(60), Instant.now());
		assertThat(plain.providerName()).isEqualTo("in_memory");
		assertThat(plain.healthCheck().healthy()).isTrue();
	}

	private void assertReceivableAfter(int seconds) {
		this.clock.advance(Duration.ofSeconds(seconds).minus(NANO));
		assertThat(receive(1)).as("just before").isEmpty();
		this.clock.advance(NANO);
		assertThat(receive(1)).as("in time").hasSize(1);
	}

	private List<QueuedMessage<Integer>> receive(int max) {
		return this.service.receiveMessages("q", Integer.class, max, MINUTE);
	}

	private ReceiptHandle sendAndReceive() {
		this.service.sendMessage("q", 1);
		return receive(1).get(0).handle();
	}

	/**
	 * Takes strings for JSON, and the first header for all of them.
	 */
	private static final class Verbatim implements MessageSerializer {

		@Override
		public String serialize(Object value) {
			return (value instanceof Map<?, ?> headers) ? headers.keySet().iterator().next().toString()
					: value.toString();
		}

		@Override
		public <T> T deserialize(String json, Class<T> type) {
			return type.cast(json);
		}

	}

}
