/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.micrometer.observation.ObservationRegistry;

import systems.tasker.messaging.HealthReport;
import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueHealthReport;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.messaging.observation.MessageOperation;
import systems.tasker.messaging.support.MessageCodec;
import systems.tasker.messaging.support.MessagingArguments;

/**
 * A {@link MessagingService} in the memory of one JVM, for tests and demos and not for
 * production: messages end with the JVM, other processes do not see them, and acked ones
 * alone make room for others.
 * <p>
 * It behaves as PGMQ does, to the second of its {@link Clock} and to the letter of the
 * JSON that PostgreSQL would give back, but for one thing: no transaction is joined. What
 * was sent or settled stays so whatever becomes of the caller's transaction.
 */
public final class InMemoryMessagingService implements MessagingService {

	private static final String PROVIDER = "in_memory";

	private static final long DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024;

	private final ConcurrentMap<String, InMemoryQueue> queues = new ConcurrentHashMap<>();

	private final MessageCodec codec;

	private final Clock clock;

	private final MessageObservations observations;

	/**
	 * Create a service with the clock of the system, Jackson, and payloads of up to 1
	 * MiB.
	 */
	public InMemoryMessagingService() {
		this(new JacksonMessageSerializer(), DEFAULT_MAX_MESSAGE_BYTES, Clock.systemUTC());
	}

	/**
	 * Create a service that nobody observes.
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 * @param clock says when messages become visible, and how old they are
	 * @throws IllegalArgumentException if something is {@code null} or the size below 1
	 */
	public InMemoryMessagingService(MessageSerializer serializer, long maxMessageBytes, Clock clock) {
		this(serializer, maxMessageBytes, clock, ObservationRegistry.NOOP);
	}

	/**
	 * Create a service.
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 * @param clock says when messages become visible, and how old they are
	 * @param observationRegistry observes each call that is about messages
	 * @throws IllegalArgumentException if something is {@code null} or the size below 1
	 */
	public InMemoryMessagingService(MessageSerializer serializer, long maxMessageBytes, Clock clock,
			ObservationRegistry observationRegistry) {
		this.codec = new MessageCodec(MessagingArguments.required("serializer", serializer),
				MessagingArguments.maxMessageBytes(maxMessageBytes));
		this.clock = MessagingArguments.required("clock", clock);
		this.observations = new MessageObservations(
				MessagingArguments.required("observationRegistry", observationRegistry), PROVIDER);
	}

	@Override
	public void ensureQueues(Collection<String> queues) {
		MessagingArguments.distinct("queues", queues)
			.stream()
			.map(MessagingArguments::queue)
			.toList()
			.forEach((queue) -> this.queues.computeIfAbsent(queue, (name) -> new InMemoryQueue(name, this.clock)));
	}

	@Override
	public QueueHealthReport verifyQueues(Collection<String> queues) {
		List<String> healthy = new ArrayList<>();
		List<String> missing = new ArrayList<>();
		Map<String, String> errors = new LinkedHashMap<>();
		for (String queue : MessagingArguments.distinct("queues", queues)) {
			try {
				(this.queues.containsKey(MessagingArguments.queue(queue)) ? healthy : missing).add(queue);
			}
			catch (InvalidQueueNameException ex) {
				errors.put(queue, String.valueOf(ex.getMessage()));
			}
		}
		return new QueueHealthReport(healthy, missing, errors);
	}

	@Override
	public MessageId sendMessage(String queue, Object payload, SendOptions options) {
		return this.observations.send(named(queue), 1, MessagingArguments.required("options", options),
				(sent) -> send(sendable(queue, sent), List.of(this.codec.encode(queue, payload)), sent).get(0));
	}

	@Override
	public List<MessageId> sendBatch(String queue, List<?> payloads, SendOptions options) {
		MessagingArguments.required("payloads", payloads);
		return this.observations.send(named(queue), payloads.size(), MessagingArguments.required("options", options),
				(sent) -> send(sendable(queue, sent), this.codec.encodeAll(queue, payloads), sent));
	}

	private String sendable(String queue, SendOptions options) {
		String name = MessagingArguments.queue(queue);
		MessagingArguments.options(options, this.clock.instant());
		return name;
	}

	private List<MessageId> send(String queue, List<String> payloads, SendOptions options) {
		String headers = this.codec.encodeHeaders(queue, options.headers());
		try {
			List<String> stored = payloads.stream().map(JsonbFormat::of).toList();
			String storedHeaders = (headers != null) ? JsonbFormat.of(headers) : null;
			return stored.isEmpty() ? List.of() : find(queue).send(stored, storedHeaders, options);
		}
		catch (MessageSerializationException ex) {
			throw new MessageSerializationException("Cannot send to queue \"" + queue + "\": " + ex.getMessage(), ex);
		}
	}

	@Override
	public <T> List<QueuedMessage<T>> receiveMessages(String queue, Class<T> type, int max,
			Duration visibilityTimeout) {
		return this.observations.call(MessageOperation.RECEIVE, named(queue), 1, () -> {
			String name = MessagingArguments.queue(queue);
			MessagingArguments.required("type", type);
			MessagingArguments.max(max);
			int seconds = MessagingArguments.wholeSeconds("visibilityTimeout", visibilityTimeout);
			return find(name).receive(max, seconds).stream().map((message) -> decode(name, type, message)).toList();
		}, List::size);
	}

	@Override
	public <T> Optional<QueuedMessage<T>> receiveMessage(String queue, Class<T> type, MessageId id,
			Duration visibilityTimeout) {
		return this.observations.call(MessageOperation.RECEIVE, named(queue), 1, () -> {
			String name = MessagingArguments.queue(queue);
			MessagingArguments.required("type", type);
			MessagingArguments.required("id", id);
			int seconds = MessagingArguments.wholeSeconds("visibilityTimeout", visibilityTimeout);
			return find(name).receive(id, seconds).map((message) -> decode(name, type, message));
		}, (message) -> message.isPresent() ? 1 : 0);
	}

	@Override
	public void ackMessage(String queue, ReceiptHandle handle) {
		this.observations.call(MessageOperation.ACK, named(queue), () -> {
			String name = MessagingArguments.queue(queue);
			MessagingArguments.required("handle", handle);
			requireFound(find(name).deleteAndReturnMissing(List.of(handle)).isEmpty(), name, handle);
		});
	}

	@Override
	public List<ReceiptHandle> ackMessages(String queue, Collection<ReceiptHandle> handles) {
		List<ReceiptHandle> distinct = MessagingArguments.distinct("handles", handles);
		return this.observations.call(MessageOperation.ACK, named(queue), distinct.size(), () -> {
			String name = MessagingArguments.queue(queue);
			return distinct.isEmpty() ? distinct : find(name).deleteAndReturnMissing(distinct);
		}, (notFound) -> distinct.size() - notFound.size());
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, boolean requeue) {
		this.observations.call(requeue ? MessageOperation.NACK : MessageOperation.ARCHIVE, named(queue), () -> {
			String name = MessagingArguments.queue(queue);
			MessagingArguments.required("handle", handle);
			// To requeue there is nothing to do: the visibility timeout does it.
			if (!requeue) {
				requireFound(find(name).archive(handle), name, handle);
			}
		});
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, Duration delay) {
		this.observations.call(MessageOperation.NACK, named(queue), () -> hide(queue, handle, "delay", delay));
	}

	@Override
	public void extendVisibility(String queue, ReceiptHandle handle, Duration duration) {
		this.observations.call(MessageOperation.EXTEND, named(queue), () -> hide(queue, handle, "duration", duration));
	}

	@Override
	public List<ReceiptHandle> extendVisibility(String queue, Collection<ReceiptHandle> handles, Duration duration) {
		List<ReceiptHandle> distinct = MessagingArguments.distinct("handles", handles);
		return this.observations.call(MessageOperation.EXTEND, named(queue), distinct.size(), () -> {
			String name = MessagingArguments.queue(queue);
			int seconds = MessagingArguments.wholeSeconds("duration", duration);
			return distinct.isEmpty() ? distinct : find(name).hideAndReturnMissing(distinct, seconds);
		}, (notFound) -> distinct.size() - notFound.size());
	}

	private void hide(String queue, ReceiptHandle handle, String argument, Duration duration) {
		String name = MessagingArguments.queue(queue);
		MessagingArguments.required("handle", handle);
		int seconds = MessagingArguments.wholeSeconds(argument, duration);
		requireFound(find(name).hideAndReturnMissing(List.of(handle), seconds).isEmpty(), name, handle);
	}

	@Override
	public QueueStats queueStats(String queue) {
		return find(queue).stats();
	}

	@Override
	public HealthReport healthCheck() {
		return new HealthReport(true, Duration.ZERO, null);
	}

	@Override
	public String providerName() {
		return PROVIDER;
	}

	/**
	 * Return which queues there are.
	 * @return the names in alphabetical order
	 */
	public List<String> queueNames() {
		return this.queues.keySet().stream().sorted().toList();
	}

	/**
	 * Return what {@link #nackMessage(String, ReceiptHandle, boolean) nackMessage} moved
	 * to the archive of a queue. PGMQ keeps it in the table {@code a_<queue>}.
	 * @param <T> the type of the payloads
	 * @param queue the name of the queue
	 * @param type the type of the payloads
	 * @return the messages in the order of their archiving
	 */
	public <T> List<QueuedMessage<T>> archived(String queue, Class<T> type) {
		MessagingArguments.required("type", type);
		return find(queue).archived().stream().map((message) -> decode(queue, type, message)).toList();
	}

	private <T> QueuedMessage<T> decode(String queue, Class<T> type, StoredMessage message) {
		return new QueuedMessage<>(queue, message.id(), message.handle(), message.receiveCount(), message.enqueuedAt(),
				message.visibleAt(), this.codec.decodeHeaders(message.headers()),
				this.codec.decode(message.payload(), type));
	}

	// Calls with an invalid name are observed, those without any name are not.
	private static String named(String queue) {
		return MessagingArguments.required("queue", queue);
	}

	private InMemoryQueue find(String queue) {
		InMemoryQueue found = this.queues.get(MessagingArguments.queue(queue));
		if (found == null) {
			throw new QueueNotFoundException(queue, null);
		}
		return found;
	}

	private static void requireFound(boolean found, String queue, ReceiptHandle handle) {
		if (!found) {
			throw new MessageNotFoundException(queue, handle);
		}
	}

}
