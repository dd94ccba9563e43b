/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageHeaders;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagePayload;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageObservationsTests {

	private final Recorder recorder = new Recorder();

	private final MessageObservations observations = new MessageObservations(observedBy(this.recorder), "pigeon");

	@Test
	void sendIsOneObservationWithNameAndKeys() {
		assertThat(this.observations.<String>send("orders", 3, SendOptions.none(), (options) -> "ids"))
			.isEqualTo("ids");
		assertThat(this.recorder.stopped).singleElement().satisfies((context) -> {
			assertThat(context.getName()).isEqualTo("tasker.messages.send");
			assertThat(context.getContextualName()).isEqualTo("send orders");
			assertThat(keys(context)).isEqualTo(Map.of("queue", "orders", "provider", "pigeon"));
			assertThat(call(context).messageCount()).isEqualTo(3);
			assertThat(call(context).operation()).isEqualTo(MessageOperation.SEND);
		});
	}

	@Test
	void settlementsAreToldApartByTheirOperation() {
		for (MessageOperation operation : List.of(MessageOperation.ACK, MessageOperation.NACK, MessageOperation.ARCHIVE,
				MessageOperation.EXTEND)) {
			this.observations.call(operation, "orders", () -> {
			});
		}
		assertThat(this.recorder.stopped).extracting(Observation.Context::getName)
			.containsOnly("tasker.messages.settle")
			.hasSize(4);
		assertThat(this.recorder.stopped).extracting((context) -> keys(context).get("operation"))
			.containsExactly("ack", "nack", "archive", "extend");
	}

	@Test
	void messageCountIsTakenFromTheResult() {
		this.observations.call(MessageOperation.RECEIVE, "orders", 1, () -> List.of(1, 2), List::size);
		this.observations.call(MessageOperation.RECEIVE, "orders", 1, List::of, List::size);
		assertThat(this.recorder.stopped).extracting((context) -> call(context).messageCount()).containsExactly(2, 0);
	}

	@Test
	void errorsAreRecordedAndThrownAsTheyAre() {
		MessagingUnavailableException error = new MessagingUnavailableException("gone", null);
		assertThatExceptionOfType(MessagingUnavailableException.class)
			.isThrownBy(() -> this.observations.call(MessageOperation.ACK, "orders", 7, () -> {
				throw error;
			}, (result) -> 0))
			.isSameAs(error);
		assertThat(this.recorder.stopped).singleElement().satisfies((context) -> {
			assertThat(context.getError()).isSameAs(error);
			assertThat(call(context).messageCount()).isEqualTo(7);
			assertThat(keys(context)).containsEntry("queue", "orders");
		});
	}

	@Test
	void wrongQueueNamesAreNoKeys() {
		for (RuntimeException error : List.of(new QueueNotFoundException("wrong", null),
				new InvalidQueueNameException("wrong", "it is wrong"))) {
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> this.observations.send("wrong", 1, SendOptions.none(), (options) -> {
					throw error;
				}));
		}
		assertThat(this.recorder.started).hasSize(2).allSatisfy((keys) -> assertThat(keys).doesNotContainKey("queue"));
		assertThat(this.recorder.stopped).extracting((context) -> keys(context).get("queue"))
			.containsExactly("unknown", "unknown");
	}

	@Test
	void sendCarriesWhatWasWrittenIntoTheHeaders() {
		this.recorder.header = "traceparent";
		SendOptions given = SendOptions.none().withHeader("color", "red");
		this.observations.send("orders", 1, given, (options) -> {
			assertThat(options.headers()).containsEntry("color", "red").containsEntry("traceparent", "written");
			return options;
		});
		assertThat(given.headers()).containsOnlyKeys("color");
	}

	@Test
	void optionsStayWhatTheyAreWhenNobodyWritesHeaders() {
		SendOptions options = SendOptions.none();
		assertThat(this.observations.<SendOptions>send("orders", 1, options, (sent) -> sent)).isSameAs(options);
	}

	@Test
	void handlerSeesTheTextHeadersOfItsMessage() {
		QueuedMessage<?> message = message(new HashMap<>(Map.of("traceparent", "00-1-2-01", "tracestate", 7)));
		this.observations.process(message, () -> {
		});
		assertThat(this.recorder.stopped).singleElement()
			.isInstanceOfSatisfying(MessageProcessContext.class, (context) -> {
				assertThat(context.getName()).isEqualTo("tasker.messages.process");
				assertThat(context.getContextualName()).isEqualTo("process orders");
				assertThat(keys(context)).isEqualTo(Map.of("queue", "orders", "provider", "pigeon"));
				assertThat(context.message()).isSameAs(message);
				assertThat(read(context, "traceparent")).isEqualTo("00-1-2-01");
				assertThat(read(context, "tracestate")).as("no text").isNull();
				assertThat(read(context, "baggage")).isNull();
			});
	}

	@Test
	void messageWhoseHeadersCannotBeDecodedIsHandledWithoutTrace() {
		QueuedMessage<?> message = message("[1]");
		this.observations.process(message, () -> {
		});
		assertThat(this.recorder.stopped).singleElement()
			.isInstanceOfSatisfying(MessageProcessContext.class, (context) -> {
				assertThat(context.getError()).isNull();
				assertThat(context.message()).isSameAs(message);
				assertThat(read(context, "traceparent")).isNull();
			});
	}

	@Test
	void errorOfAHandlerIsThrownAsItIsAndSaysNothingAboutItsQueue() {
		IOException checked = new IOException();
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.observations.process(message(Map.of()), () -> {
				throw checked;
			}))
			.isSameAs(checked);
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.observations.process(message(Map.of()), () -> {
				throw new QueueNotFoundException("elsewhere", null);
			}));
		assertThat(this.recorder.stopped).extracting((context) -> keys(context).get("queue"))
			.containsExactly("orders", "orders");
		assertThat(this.recorder.stopped.get(0).getError()).isSameAs(checked);
	}

	@Test
	void handlerRunsInTheScopeOfItsObservation() {
		ObservationRegistry registry = observedBy(this.recorder);
		String name = new MessageObservations(registry, "pigeon").process(message(Map.of()),
				() -> registry.getCurrentObservation().getContextView().getName());
		assertThat(name).isEqualTo("tasker.messages.process");
		assertThat(registry.getCurrentObservation()).isNull();
	}

	@Test
	void whenNobodyObservesOnlyTheCallIsMade() throws Exception {
		MessageObservations unobserved = new MessageObservations(ObservationRegistry.NOOP, "pigeon");
		SendOptions options = SendOptions.none();
		assertThat(unobserved.<SendOptions>send("orders", 1, options, (sent) -> sent)).isSameAs(options);
		assertThat(unobserved.<Integer>call(MessageOperation.RECEIVE, "orders", 1, () -> 5, (result) -> {
			throw new AssertionError("nobody asked");
		})).isEqualTo(5);
		assertThat(unobserved.process(message(Map.of()), () -> 6)).isEqualTo(6);
	}

	private static ObservationRegistry observedBy(ObservationHandler<?> handler) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(handler);
		return registry;
	}

	private static QueuedMessage<?> message(Map<String, @Nullable Object> headers) {
		return message(new JacksonMessageSerializer().serializeHeaders(headers));
	}

	private static QueuedMessage<?> message(String headers) {
		MessageId id = new MessageId(1);
		MessageSerializer serializer = new JacksonMessageSerializer();
		return new QueuedMessage<>("orders", id, new ReceiptHandle("1"), 1, Instant.EPOCH, Instant.EPOCH,
				MessageHeaders.decode(headers, serializer), MessagePayload.decode("1", Integer.class, serializer));
	}

	private static MessageCall call(Observation.Context context) {
		return ((MessageContext) context).call();
	}

	private static Map<String, String> keys(Observation.ContextView context) {
		Map<String, String> keys = new HashMap<>();
		for (KeyValue keyValue : context.getAllKeyValues()) {
			keys.put(keyValue.getKey(), keyValue.getValue());
		}
		return keys;
	}

	private static <C> String read(ReceiverContext<C> context, String header) {
		return context.getGetter().get(context.getCarrier(), header);
	}

	/**
	 * Remembers what it is told, and writes a header as a tracer does.
	 */
	private static final class Recorder implements ObservationHandler<Observation.Context> {

		private final List<Map<String, String>> started = new ArrayList<>();

		private final List<Observation.Context> stopped = new ArrayList<>();

		private String header;

		@Override
		public void onStart(Observation.Context context) {
			this.started.add(keys(context));
			if (this.header != null && context instanceof SenderContext<?> sender) {
				write(sender, this.header);
			}
		}

		private static <C> void write(SenderContext<C> context, String header) {
			context.getSetter().set(context.getCarrier(), header, "written");
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
