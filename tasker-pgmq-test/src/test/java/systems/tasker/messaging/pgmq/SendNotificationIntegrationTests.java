/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.CircuitBreakerOpenException;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.SendOptions;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/**
 * Sent messages as others hear of them.
 */
class SendNotificationIntegrationTests {

	private static final Duration INTERVAL = Duration.ofMillis(5);

	private static final Duration HOUR = Duration.ofHours(1);

	@AutoClose
	private static MessagingFixture fixture;

	private final String queue = fixture.newQueue();

	private NotificationListener listener;

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	@BeforeEach
	void listen() throws SQLException {
		this.listener = new NotificationListener(fixture.dataSource(), "default", "payments", "orchestration");
	}

	@AfterEach
	void stopListening() throws SQLException {
		this.listener.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "COALESCED", "TRANSACTIONAL" })
	void messageIsAnnouncedOnBothChannels(NotifyMode mode) throws SQLException {
		try (PgmqMessagingService service = service(mode)) {
			MessageId id = service.sendMessage(this.queue, 1);
			List<JsonNode> heard = this.listener.awaitMessages(1);
			assertThat(heard).hasSize(1).isEqualTo(this.listener.payloads("pgmq_message_ready.default"));
			JsonNode payload = heard.get(0);
			assertThat(payload.propertyNames()).containsExactlyInAnyOrder("event_type", "msg_id", "queue_name",
					"namespace", "ready_at", "delay_seconds");
			assertThat(payload.get("event_type").asString()).isEqualTo("message_ready");
			assertThat(payload.get("msg_id").asLong()).isEqualTo(id.value());
			assertThat(payload.get("queue_name").asString()).isEqualTo(this.queue);
			assertThat(payload.get("delay_seconds").asInt()).isZero();
			assertThat(Instant.parse(payload.get("ready_at").asString())).isCloseTo(Instant.now(),
					within(1, ChronoUnit.MINUTES));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "COALESCED", "TRANSACTIONAL" })
	void batchOfTwoThousandIsOneValidNotificationForEachChannel(NotifyMode mode) throws SQLException {
		List<MessageId> ids;
		try (PgmqMessagingService service = service(mode)) {
			ids = service.sendBatch(this.queue, IntStream.range(0, 2000).boxed().toList());
		}
		// Closed, it has announced all there is to announce.
		List<JsonNode> heard = this.listener.heardUntilNow();
		assertThat(heard).hasSize(1).isEqualTo(this.listener.payloads("pgmq_message_ready.default"));
		JsonNode payload = heard.get(0);
		assertThat(payload.propertyNames()).containsExactlyInAnyOrder("event_type", "msg_ids", "queue_name",
				"namespace", "message_count", "ready_at", "delay_seconds", "truncated");
		assertThat(payload.get("event_type").asString()).isEqualTo("batch_ready");
		assertThat(payload.get("message_count").asInt()).isEqualTo(2000);
		assertThat(payload.get("truncated").asBoolean()).isTrue();
		List<Long> announced = NotificationListener.ids(payload);
		assertThat(announced).hasSizeGreaterThan(1000).isEqualTo(values(ids).subList(0, announced.size()));
	}

	@ParameterizedTest
	@EnumSource(names = { "COALESCED", "TRANSACTIONAL" })
	void delayAndHeadersAreThoseOfTheMessage(NotifyMode mode) throws SQLException {
		try (PgmqMessagingService service = service(mode)) {
			SendOptions options = SendOptions.none().withHeader("h", "ü");
			service.sendMessage(this.queue, 1, options.withDelay(Duration.ofSeconds(60)));
			service.sendBatch(this.queue, List.of(2, 3), options.withNotBefore(Instant.now().plusSeconds(600)));
			List<JsonNode> heard = this.listener.awaitMessages(3);
			assertThat(heard).hasSize(2);
			assertThat(heard.get(0).get("delay_seconds").asInt()).isEqualTo(60);
			assertThat(heard.get(1).get("delay_seconds").asInt()).isBetween(570, 630);
			assertThat(fixture.jdbc()
				.sql("select distinct headers ->> 'h' from pgmq.q_" + this.queue)
				.query(String.class)
				.list()).containsExactly("ü");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "COALESCED", "TRANSACTIONAL" })
	void missingQueueAndEmptyBatchAreAsEver(NotifyMode mode) throws SQLException {
		try (PgmqMessagingService service = service(mode)) {
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> service.sendMessage("not_there", 1));
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> service.sendBatch("not_there", List.of(1)));
			assertThat(service.sendBatch(this.queue, List.of())).isEmpty();
		}
		assertThat(this.listener.heardUntilNow()).isEmpty();
	}

	@Test
	void nothingIsAnnouncedWhenNotificationsAreOff() throws SQLException {
		try (PgmqMessagingService service = service(NotifyMode.OFF)) {
			service.sendMessage(this.queue, 1);
			service.sendBatch(this.queue, List.of(2, 3));
		}
		assertThat(this.listener.heardUntilNow()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "worker_payments_queue, payments", "orchestration_step_results, orchestration",
			"plain_name, default" })
	void channelIsThatOfTheNamespace(String name, String namespace) throws SQLException {
		try (PgmqMessagingService service = service(NotifyMode.COALESCED)) {
			service.ensureQueue(name);
			service.sendMessage(name, 1);
			assertThat(this.listener.awaitMessages(1)).singleElement()
				.extracting((payload) -> payload.get("namespace").asString())
				.isEqualTo(namespace);
			assertThat(this.listener.payloads("pgmq_message_ready." + namespace)).hasSize(1);
		}
	}

	@Test
	void manySendersAreAnnouncedCompletelyInFewNotifications() throws Exception {
		Duration interval = Duration.ofMillis(200);
		long start = System.nanoTime();
		List<Long> sent;
		try (PgmqMessagingService service = service(NotifyMode.COALESCED, interval)) {
			sent = sendFromThreads(service, 8, 125);
		}
		long intervals = Duration.ofNanos(System.nanoTime() - start).dividedBy(interval);
		List<JsonNode> heard = this.listener.awaitMessages(1000);
		assertThat(NotificationListener.ids(heard)).containsExactlyInAnyOrderElementsOf(sent);
		// One at the beginning, one for each interval, one when it closes.
		assertThat(heard).hasSizeLessThanOrEqualTo((int) intervals + 2);
	}

	@Test
	void messageWithinTheIntervalIsAnnouncedAtItsEnd() throws SQLException {
		try (PgmqMessagingService service = service(NotifyMode.COALESCED, Duration.ofSeconds(1))) {
			service.sendMessage(this.queue, 1);
			this.listener.awaitMessages(1);
			service.sendMessage(this.queue, 2);
			assertThat(NotificationListener.ids(this.listener.awaitMessages(2))).containsExactly(1L, 2L);
		}
	}

	@Test
	void eachQueueHasItsOwnInterval() throws SQLException {
		String other = fixture.newQueue();
		try (PgmqMessagingService service = service(NotifyMode.COALESCED, HOUR)) {
			service.sendMessage(this.queue, 1);
			this.listener.awaitMessages(1);
			service.sendMessage(this.queue, 2);
			service.sendMessage(other, 1);
			assertThat(this.listener.awaitMessages(2)).extracting((payload) -> payload.get("queue_name").asString())
				.containsExactly(this.queue, other);
		}
	}

	@Test
	void delayedMessagesAreAnnouncedApartAndTogether() throws SQLException {
		try (PgmqMessagingService service = service(NotifyMode.COALESCED, HOUR)) {
			service.sendMessage(this.queue, 1);
			this.listener.awaitMessages(1);
			for (int delay : List.of(5, 0, 5, 9, 0)) {
				service.sendMessage(this.queue, delay, SendOptions.none().withDelay(Duration.ofSeconds(delay)));
			}
		}
		List<JsonNode> heard = this.listener.awaitMessages(6);
		assertThat(heard.subList(1, heard.size()))
			.extracting((payload) -> payload.get("delay_seconds").asInt(), NotificationListener::ids)
			.containsExactlyInAnyOrder(Tuple.tuple(0, List.of(3L, 6L)), Tuple.tuple(5, List.of(2L, 4L, 5L)));
	}

	@Test
	void closeAnnouncesWhatIsMarkedAndEndsTheThread() throws SQLException {
		Set<Thread> before = notifiers();
		PgmqMessagingService service = service(NotifyMode.COALESCED, HOUR);
		service.receiveMessages(this.queue, Integer.class, 1, INTERVAL);
		assertThat(notifiers()).as("before the first message").isEqualTo(before);
		service.sendMessage(this.queue, 1);
		this.listener.awaitMessages(1);
		assertThat(notifiers()).hasSize(before.size() + 1);
		assertThat(notifiers()).as("none keeps the JVM alive").allMatch(Thread::isDaemon);
		service.sendMessage(this.queue, 2);
		service.sendMessage(this.queue, 3);
		assertThat(this.listener.heardUntilNow()).hasSize(1);
		service.close();
		assertThat(notifiers()).isEqualTo(before);
		assertThat(this.listener.heardUntilNow()).hasSize(2)
			.last()
			.extracting(NotificationListener::ids)
			.isEqualTo(List.of(2L, 3L));
		assertThat(service.sendMessage(this.queue, 4)).as("sent all the same").isEqualTo(new MessageId(4));
		service.close();
		assertThat(this.listener.heardUntilNow()).hasSize(2);
	}

	@Test
	void neitherSendersNorCloseWaitForANotifierThatIsStuck() throws SQLException {
		CountDownLatch stuck = new CountDownLatch(1);
		DataSource slow = fixture.dataSource((connection) -> {
			if (isNotifier()) {
				stuck.countDown();
				awaitInterrupt();
			}
		});
		PgmqMessagingService service = new PgmqMessagingService(slow, settings(NotifyMode.COALESCED, INTERVAL));
		Set<Thread> before = notifiers();
		service.sendMessage(this.queue, 0);
		assertThat(await(stuck)).isTrue();
		for (int i = 1; i < 100; i++) {
			service.sendMessage(this.queue, i);
		}
		long start = System.nanoTime();
		service.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		assertThat(fixture.count("q_" + this.queue)).isEqualTo(100);
		notifiers().stream()
			.filter((thread) -> !before.contains(thread))
			.forEach(SendNotificationIntegrationTests::join);
		assertThat(notifiers()).as("the thread ends when it can").isEqualTo(before);
	}

	@Test
	void whatTheGuardRefusesIsAnnouncedWhenItNoLongerDoes() throws SQLException {
		AtomicBoolean open = new AtomicBoolean(true);
		CountDownLatch refused = new CountDownLatch(1);
		DatabaseGuard guard = new DatabaseGuard() {

			@Override
			public <T, E extends Exception> T call(Call<T, E> call) throws E {
				if (isNotifier() && open.get()) {
					refused.countDown();
					throw new CircuitBreakerOpenException("pgmq", "the test says so");
				}
				return call.run();
			}

		};
		try (PgmqMessagingService service = new PgmqMessagingService(fixture.dataSource(),
				settings(NotifyMode.COALESCED, INTERVAL).withGuard(guard))) {
			service.sendMessage(this.queue, 1);
			assertThat(await(refused)).isTrue();
			service.sendMessage(this.queue, 2);
			assertThat(this.listener.heardUntilNow()).isEmpty();
			open.set(false);
			assertThat(NotificationListener.ids(this.listener.awaitMessages(2))).containsExactly(1L, 2L);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { NoClassDefFoundError.class, IllegalStateException.class, AssertionError.class })
	void notifierSurvivesWhateverIsThrown(Class<? extends Throwable> type) throws SQLException {
		CountDownLatch thrown = new CountDownLatch(1);
		DatabaseGuard guard = new DatabaseGuard() {

			@Override
			public <T, E extends Exception> T call(Call<T, E> call) throws E {
				if (isNotifier() && thrown.getCount() > 0) {
					thrown.countDown();
					throwUnchecked(type);
				}
				return call.run();
			}

		};
		try (PgmqMessagingService service = new PgmqMessagingService(fixture.dataSource(),
				settings(NotifyMode.COALESCED, INTERVAL).withGuard(guard))) {
			service.sendMessage(this.queue, 1);
			assertThat(await(thrown)).isTrue();
			service.sendMessage(this.queue, 2);
			assertThat(NotificationListener.ids(this.listener.awaitMessages(1))).as("what cannot succeed is dropped")
				.containsExactly(2L);
		}
	}

	@Test
	void notifierSurvivesAnInterruptOfSomebodyElse() throws SQLException {
		Set<Thread> before = notifiers();
		try (PgmqMessagingService service = service(NotifyMode.COALESCED)) {
			service.sendMessage(this.queue, 1);
			this.listener.awaitMessages(1);
			notifiers().stream().filter((thread) -> !before.contains(thread)).forEach(Thread::interrupt);
			service.sendMessage(this.queue, 2);
			assertThat(NotificationListener.ids(this.listener.awaitMessages(2))).containsExactly(1L, 2L);
		}
	}

	@Test
	void queueThatIsGoneDoesNotSilenceTheOthers() throws SQLException {
		String gone = fixture.newQueue();
		try (PgmqMessagingService service = service(NotifyMode.COALESCED, HOUR)) {
			service.sendMessage(gone, 1);
			service.sendMessage(this.queue, 1);
			this.listener.awaitMessages(2);
			service.sendMessage(gone, 2);
			service.sendMessage(this.queue, 2);
			fixture.jdbc().sql("select pgmq.drop_queue(?)").param(gone).query().singleRow();
		}
		assertThat(NotificationListener.ids(this.listener.heardUntilNow())).containsExactlyInAnyOrder(1L, 1L, 2L);
	}

	@Test
	void manyDelaysAreFewNotifications() throws SQLException {
		try (PgmqMessagingService service = service(NotifyMode.COALESCED, HOUR)) {
			new TransactionTemplate(new DataSourceTransactionManager(fixture.dataSource()))
				.executeWithoutResult((status) -> IntStream.range(0, 100)
					.forEach((delay) -> service.sendMessage(this.queue, delay,
							SendOptions.none().withDelay(Duration.ofSeconds(100 - delay)))));
			assertThat(this.listener.awaitMessages(100)).singleElement()
				.satisfies((payload) -> assertThat(payload.get("delay_seconds").asInt()).isOne());
		}
	}

	private static void throwUnchecked(Class<? extends Throwable> type) {
		if (type == NoClassDefFoundError.class) {
			throw new NoClassDefFoundError("the test says so");
		}
		if (type == AssertionError.class) {
			throw new AssertionError("the test says so");
		}
		throw new IllegalStateException("the test says so");
	}

	@Test
	void messagesAreAnnouncedAgainAfterARestartOfTheServer() throws SQLException {
		try (TaskerPostgres server = TaskerPostgres.builder().start();
				TestDatabase database = server.createDatabase();
				PgmqMessagingService service = new PgmqMessagingService(database.dataSource(),
						settings(NotifyMode.COALESCED, INTERVAL))) {
			service.ensureQueue("orders");
			service.sendMessage("orders", 1);
			server.restart();
			try (NotificationListener afterwards = new NotificationListener(database.dataSource())) {
				service.sendMessage("orders", 2);
				assertThat(afterwards.await((payloads) -> NotificationListener.ids(payloads).contains(2L)))
					.isNotEmpty();
			}
		}
	}

	private static List<Long> sendFromThreads(PgmqMessagingService service, int threads, int messages)
			throws Exception {
		String queue = fixture.newQueue();
		List<Long> ids = Collections.synchronizedList(new ArrayList<>());
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> senders = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				senders.add(executor.submit(() -> IntStream.range(0, messages)
					.forEach((message) -> ids.add(service.sendMessage(queue, message).value()))));
			}
			for (Future<?> sender : senders) {
				sender.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		return ids;
	}

	private static PgmqMessagingService service(NotifyMode mode) {
		return service(mode, INTERVAL);
	}

	private static PgmqMessagingService service(NotifyMode mode, Duration interval) {
		return new PgmqMessagingService(fixture.dataSource(), settings(mode, interval));
	}

	private static PgmqMessagingSettings settings(NotifyMode mode, Duration interval) {
		return new PgmqMessagingSettings(new JacksonMessageSerializer(), 1024).withNotifications(mode, interval);
	}

	private static List<Long> values(List<MessageId> ids) {
		return ids.stream().map(MessageId::value).toList();
	}

	private static boolean isNotifier() {
		return Thread.currentThread().getName().equals("pgmq-notify");
	}

	private static Set<Thread> notifiers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("pgmq-notify") && thread.isAlive())
			.collect(Collectors.toSet());
	}

	private static void awaitInterrupt() throws SQLException {
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			throw new SQLException("interrupted", "08001", ex);
		}
	}

	private static boolean await(CountDownLatch latch) {
		try {
			return latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void join(Thread thread) {
		try {
			thread.join(20_000);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
