/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.inmemory.InMemoryMessagingService;
import systems.tasker.messaging.observation.MessageCall;
import systems.tasker.messaging.observation.MessageContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Each call of a provider is observed once, as what it is and with the number of messages
 * it was about.
 */
class ObservedCallsIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private static MessagingFixture fixture;

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<String> observed = new ArrayList<>();

	private final String queue = fixture.newQueue();

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	@ParameterizedTest
	@ValueSource(strings = { "pgmq", "in_memory" })
	void sendsAreCountedAsManyAsTheyAre(String provider) {
		MessagingService service = service(provider);
		service.sendMessage(this.queue, 1);
		service.sendBatch(this.queue, List.of(2, 3, 4));
		service.sendBatch(this.queue, List.of());
		assertObserved(provider, "SEND 1", "SEND 3", "SEND 0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pgmq", "in_memory" })
	void receivesAreCountedAsManyAsTheyFind(String provider) {
		MessagingService service = service(provider);
		MessageId id = service.sendBatch(this.queue, List.of(1, 2, 3)).get(2);
		this.observed.clear();
		service.receiveMessages(this.queue, Integer.class, 2, MINUTE);
		service.receiveMessage(this.queue, Integer.class, id, MINUTE);
		service.receiveMessage(this.queue, Integer.class, id, MINUTE);
		service.receiveMessages(this.queue, Integer.class, 2, MINUTE);
		assertObserved(provider, "RECEIVE 2", "RECEIVE 1", "RECEIVE 0", "RECEIVE 0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pgmq", "in_memory" })
	void settlementsAreToldApartAndCountedAsManyAsTheySettle(String provider) {
		MessagingService service = service(provider);
		service.sendBatch(this.queue, List.of(1, 2, 3, 4));
		List<QueuedMessage<Integer>> messages = service.receiveMessages(this.queue, Integer.class, 4, MINUTE);
		this.observed.clear();
		service.ackMessage(this.queue, messages.get(0).handle());
		service.ackMessages(this.queue, messages.subList(0, 3).stream().map(QueuedMessage::handle).toList());
		service.extendVisibility(this.queue, messages.get(3).handle(), MINUTE);
		service.extendVisibility(this.queue, messages.stream().map(QueuedMessage::handle).toList(), MINUTE);
		service.nackMessage(this.queue, messages.get(3).handle(), MINUTE);
		service.nackMessage(this.queue, messages.get(3).handle(), true);
		service.nackMessage(this.queue, messages.get(3).handle(), false);
		assertObserved(provider, "ACK 1", "ACK 2", "EXTEND 1", "EXTEND 1", "NACK 1", "NACK 1", "ARCHIVE 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pgmq", "in_memory" })
	void failuresAreObservedWithWhatWasAskedFor(String provider) {
		MessagingService service = service(provider);
		service.sendMessage(this.queue, 1);
		QueuedMessage<Integer> message = service.receiveMessages(this.queue, Integer.class, 1, MINUTE).get(0);
		service.ackMessage(this.queue, message.handle());
		this.observed.clear();
		assertThatExceptionOfType(MessageNotFoundException.class)
			.isThrownBy(() -> service.ackMessage(this.queue, message.handle()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> service.receiveMessages(this.queue, Integer.class, 0, MINUTE));
		assertObserved(provider, "ACK 1 MessageNotFoundException", "RECEIVE 1 IllegalArgumentException");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pgmq", "in_memory" })
	void callsWithoutAQueueAreNotObserved(String provider) {
		MessagingService service = service(provider);
		assertThatIllegalArgumentException().isThrownBy(() -> service.sendMessage(null, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> service.receiveMessages(null, Integer.class, 1, MINUTE));
		assertObserved(provider);
	}

	private MessagingService service(String provider) {
		this.registry.observationConfig().observationHandler(new Recorder());
		JacksonMessageSerializer serializer = new JacksonMessageSerializer();
		MessagingService service = provider.equals("pgmq")
				? new PgmqMessagingService(fixture.dataSource(),
						new PgmqMessagingSettings(serializer, 1024).withObservationRegistry(this.registry))
				: new InMemoryMessagingService(serializer, 1024, Clock.systemUTC(), this.registry);
		service.ensureQueue(this.queue);
		return service;
	}

	private void assertObserved(String provider, String... calls) {
		assertThat(this.observed)
			.containsExactly(List.of(calls).stream().map((call) -> provider + " " + call).toArray(String[]::new));
	}

	/**
	 * Remembers what has ended.
	 */
	private final class Recorder implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			MessageCall call = ((MessageContext) context).call();
			assertThat(call.queue()).isEqualTo(ObservedCallsIntegrationTests.this.queue);
			Throwable error = context.getError();
			ObservedCallsIntegrationTests.this.observed.add("%s %s %d%s".formatted(call.provider(), call.operation(),
					call.messageCount(), (error != null) ? " " + error.getClass().getSimpleName() : ""));
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
