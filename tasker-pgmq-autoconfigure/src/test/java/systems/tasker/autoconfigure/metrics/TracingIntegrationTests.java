/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a trace goes with a message, with a real tracer.
 */
@Tag("any-postgres")
class TracingIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final TestDatabase database = TaskerPostgres.shared().createDatabase();

	private ConfigurableApplicationContext context;

	@BeforeEach
	void startApplication() {
		this.context = TestApplication.run(TracedApplication.class, WebApplicationType.SERVLET,
				"DATABASE_URL=" + this.database.url(), "tasker.messaging.queues=orders",
				"management.tracing.sampling.probability=1.0");
	}

	@AfterEach
	void stopApplication() {
		this.context.close();
		this.database.close();
	}

	@Test
	void traceOfARequestGoesOnInTheConsumer() {
		TestApplication.client(this.context).post().uri("/orders").retrieve().toBodilessEntity();
		QueuedMessage<String> message = receive();
		String traceOfHandler = process(message);
		SpanData request = span("http post /orders");
		SpanData send = span("send orders");
		SpanData process = span("process orders");
		assertThat(send.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(process.getParentSpanId()).isEqualTo(send.getSpanId());
		assertThat(List.of(send.getTraceId(), process.getTraceId(), traceOfHandler)).containsOnly(request.getTraceId());
		assertThat(traceparent()).startsWith("00-" + request.getTraceId() + "-" + send.getSpanId() + "-");
		assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
		assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
		assertThat(attributes(process)).containsEntry("queue", "orders").containsEntry("provider", "pgmq");
	}

	@Test
	void everyMessageOfABatchCarriesTheTraceBesideItsOwnHeaders() {
		messaging().sendBatch("orders", List.of("a", "b"), SendOptions.none().withHeader("color", "red"));
		String traceId = span("send orders").getTraceId();
		assertThat(messaging().receiveMessages("orders", String.class, 2, MINUTE)).hasSize(2)
			.allSatisfy((message) -> assertThat(message.headers()).containsEntry("color", "red")
				.hasEntrySatisfying("traceparent", (value) -> assertThat((String) value).contains(traceId)));
	}

	@Test
	void handlerOfAMessageWithoutReadableTraceBeginsOne() {
		this.context.getBean(JdbcClient.class)
			.sql("select pgmq.send('orders', '\"a\"'::jsonb, '{\"traceparent\": 7, \"tracestate\": \"?\"}'::jsonb)")
			.query()
			.listOfRows();
		String traceOfHandler = process(receive());
		SpanData process = span("process orders");
		assertThat(process.getTraceId()).isEqualTo(traceOfHandler);
		assertThat(process.getParentSpanContext().isValid()).isFalse();
	}

	private String process(QueuedMessage<String> message) {
		return this.context.getBean(MessageObservations.class)
			.<String, RuntimeException>process(message, () -> Span.current().getSpanContext().getTraceId());
	}

	private QueuedMessage<String> receive() {
		return messaging().receiveMessages("orders", String.class, 1, MINUTE).get(0);
	}

	private MessagingService messaging() {
		return this.context.getBean(MessagingService.class);
	}

	private String traceparent() {
		return this.context.getBean(JdbcClient.class)
			.sql("select headers ->> 'traceparent' from pgmq.q_orders")
			.query(String.class)
			.single();
	}

	private SpanData span(String name) {
		// That of a request ends after its response.
		return await().until(() -> this.context.getBean(FinishedSpans.class).named(name), (spans) -> spans.size() == 1)
			.get(0);
	}

	private static Map<String, Object> attributes(SpanData span) {
		Map<String, Object> attributes = new HashMap<>();
		span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
		return attributes;
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration(exclude = { FlywayAutoConfiguration.class, HibernateJpaAutoConfiguration.class })
	@RestController
	static class TracedApplication {

		private final MessagingService messaging;

		TracedApplication(MessagingService messaging) {
			this.messaging = messaging;
		}

		@Bean
		static FinishedSpans finishedSpans() {
			return new FinishedSpans();
		}

		@PostMapping("/orders")
		void order() {
			this.messaging.sendMessage("orders", "a");
		}

	}

	/**
	 * Keeps what a tracer would export.
	 */
	static class FinishedSpans implements SpanProcessor {

		private final Collection<SpanData> spans = new ConcurrentLinkedQueue<>();

		List<SpanData> named(String name) {
			return this.spans.stream().filter((span) -> span.getName().equals(name)).toList();
		}

		@Override
		public void onStart(Context parent, ReadWriteSpan span) {
		}

		@Override
		public boolean isStartRequired() {
			return false;
		}

		@Override
		public void onEnd(ReadableSpan span) {
			this.spans.add(span.toSpanData());
		}

		@Override
		public boolean isEndRequired() {
			return true;
		}

	}

}
