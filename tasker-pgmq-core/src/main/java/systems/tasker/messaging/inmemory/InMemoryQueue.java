/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.support.MessagingArguments;

/**
 * A queue and its archive. All happens one at a time, so that a message is claimed and
 * settled once, and the clock is read only while it does.
 */
final class InMemoryQueue {

	private final String name;

	private final Clock clock;

	private final ReentrantLock lock = new ReentrantLock();

	// In the order of their ids.
	private final Map<ReceiptHandle, StoredMessage> messages = new LinkedHashMap<>();

	private final List<StoredMessage> archive = new ArrayList<>();

	private long lastId;

	InMemoryQueue(String name, Clock clock) {
		this.name = name;
		this.clock = clock;
	}

	List<MessageId> send(List<String> payloads, @Nullable String headers, SendOptions options) {
		return locked(() -> {
			Instant now = this.clock.instant();
			Instant visibleAt = now.plusSeconds(secondsHidden(options, now));
			return payloads.stream().map((payload) -> add(payload, headers, now, visibleAt)).toList();
		});
	}

	private static int secondsHidden(SendOptions options, Instant now) {
		int delay = MessagingArguments.wholeSeconds("delay", options.delay());
		Instant notBefore = options.notBefore();
		return (notBefore != null && notBefore.isAfter(now))
				? Math.max(delay, MessagingArguments.wholeSeconds("notBefore", Duration.between(now, notBefore)))
				: delay;
	}

	private MessageId add(String payload, @Nullable String headers, Instant now, Instant visibleAt) {
		this.lastId++;
		MessageId id = new MessageId(this.lastId);
		ReceiptHandle handle = handle(id);
		this.messages.put(handle, new StoredMessage(id, handle, now, visibleAt, 0, payload, headers));
		return id;
	}

	List<StoredMessage> receive(int max, int visibilitySeconds) {
		return locked(() -> {
			Instant now = this.clock.instant();
			List<StoredMessage> received = this.messages.values()
				.stream()
				.filter((message) -> message.isVisible(now))
				.sorted(Comparator.comparing(StoredMessage::visibleAt))
				.limit(max)
				.map((message) -> message.received(now.plusSeconds(visibilitySeconds)))
				.sorted(Comparator.comparing((message) -> message.id().value()))
				.toList();
			received.forEach(this::replace);
			return received;
		});
	}

	Optional<StoredMessage> receive(MessageId id, int visibilitySeconds) {
		return locked(() -> {
			Instant now = this.clock.instant();
			Optional<StoredMessage> received = Optional.ofNullable(this.messages.get(handle(id)))
				.filter((message) -> message.isVisible(now))
				.map((message) -> message.received(now.plusSeconds(visibilitySeconds)));
			received.ifPresent(this::replace);
			return received;
		});
	}

	List<ReceiptHandle> deleteAndReturnMissing(List<ReceiptHandle> handles) {
		return locked(() -> handles.stream().filter((handle) -> this.messages.remove(handle) == null).toList());
	}

	boolean archive(ReceiptHandle handle) {
		return locked(() -> {
			StoredMessage message = this.messages.remove(handle);
			return message != null && this.archive.add(message);
		});
	}

	List<ReceiptHandle> hideAndReturnMissing(List<ReceiptHandle> handles, int seconds) {
		return locked(() -> {
			Instant until = this.clock.instant().plusSeconds(seconds);
			return handles.stream().filter((handle) -> !hide(handle, until)).toList();
		});
	}

	private boolean hide(ReceiptHandle handle, Instant until) {
		return this.messages.computeIfPresent(handle, (key, message) -> message.hidden(until)) != null;
	}

	List<StoredMessage> archived() {
		return locked(() -> List.copyOf(this.archive));
	}

	QueueStats stats() {
		return locked(() -> {
			Instant now = this.clock.instant();
			long visible = this.messages.values().stream().filter((message) -> message.isVisible(now)).count();
			return new QueueStats(this.name, OptionalLong.of(this.messages.size()), OptionalLong.of(visible),
					sent().min(Instant::compareTo).map((sent) -> age(sent, now)),
					sent().max(Instant::compareTo).map((sent) -> age(sent, now)), OptionalLong.of(this.lastId));
		});
	}

	private Stream<Instant> sent() {
		return this.messages.values().stream().map(StoredMessage::enqueuedAt);
	}

	// To the nearest second, as PGMQ has it.
	private static Duration age(Instant sent, Instant now) {
		return Duration.ofSeconds(Duration.between(sent, now).plusMillis(500).getSeconds());
	}

	private ReceiptHandle handle(MessageId id) {
		return new ReceiptHandle(this.name + "/" + id);
	}

	private void replace(StoredMessage message) {
		this.messages.put(message.handle(), message);
	}

	private <T> T locked(Supplier<T> work) {
		this.lock.lock();
		try {
			return work.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
