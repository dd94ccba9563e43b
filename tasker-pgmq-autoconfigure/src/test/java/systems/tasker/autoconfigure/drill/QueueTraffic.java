/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import systems.tasker.messaging.CircuitBreakerOpenException;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.QueuedMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Numbered messages that are sent, received and acknowledged all the time, and the
 * account of them: whether what {@code sendMessage} returned from has arrived.
 */
final class QueueTraffic implements AutoCloseable {

	private static final AtomicInteger queues = new AtomicInteger();

	private static final Duration PAUSE = Duration.ofMillis(10);

	private static final Duration VISIBILITY = Duration.ofSeconds(2);

	private static final int SENDERS = 4;

	private static final int RECEIVERS = 2;

	private final AtomicLong numbers = new AtomicLong();

	private final Set<Long> sent = ConcurrentHashMap.newKeySet();

	private final Set<Long> unknown = ConcurrentHashMap.newKeySet();

	private final Set<Long> received = ConcurrentHashMap.newKeySet();

	private final Map<Long, Long> acknowledgedAt = new ConcurrentHashMap<>();

	private final AtomicInteger redelivered = new AtomicInteger();

	private final AtomicInteger resurrected = new AtomicInteger();

	private final Queue<Exception> unexpected = new ConcurrentLinkedQueue<>();

	private final MessagingService messaging;

	private final Secrets secrets;

	private final String queue = "drill_" + queues.incrementAndGet();

	private final Traffic sends;

	private final Traffic receives;

	private volatile boolean sending = true;

	QueueTraffic(MessagingService messaging, Secrets secrets) {
		this.messaging = messaging;
		messaging.ensureQueue(this.queue);
		this.secrets = secrets;
		this.sends = new Traffic("sender", SENDERS, PAUSE, this::send, this::inspect);
		this.receives = new Traffic("receiver", RECEIVERS, PAUSE, this::receive, this::inspect);
	}

	private void inspect(Exception failure) {
		this.secrets.inspect(failure);
		if (!(failure instanceof MessagingUnavailableException || failure instanceof CircuitBreakerOpenException)) {
			this.unexpected.add(failure);
		}
	}

	Traffic sends() {
		return this.sends;
	}

	Traffic receives() {
		return this.receives;
	}

	private void send() {
		if (!this.sending) {
			return;
		}
		long number = this.numbers.incrementAndGet();
		try {
			this.messaging.sendMessage(this.queue, number);
			this.sent.add(number);
		}
		catch (CircuitBreakerOpenException ex) {
			throw ex;
		}
		catch (MessagingUnavailableException ex) {
			// The answer may be what got lost.
			this.unknown.add(number);
			throw ex;
		}
	}

	private void receive() {
		long begin = System.nanoTime();
		MessagingException failure = null;
		for (QueuedMessage<Long> message : this.messaging.receiveMessages(this.queue, Long.class, 10, VISIBILITY)) {
			try {
				take(message, begin);
			}
			catch (MessagingUnavailableException | CircuitBreakerOpenException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private void take(QueuedMessage<Long> message, long receivedAfter) {
		long number = message.payload();
		if (!this.received.add(number)) {
			this.redelivered.incrementAndGet();
		}
		Long acknowledged = this.acknowledgedAt.get(number);
		if (acknowledged != null && acknowledged - receivedAfter < 0) {
			this.resurrected.incrementAndGet();
		}
		try {
			this.messaging.ackMessage(this.queue, message.handle());
			this.acknowledgedAt.putIfAbsent(number, System.nanoTime());
		}
		catch (MessageNotFoundException ex) {
			// An acknowledgment without an answer got through after all.
		}
	}

	/**
	 * Stop sending and wait until the queue is empty.
	 * @return the account
	 */
	Account drain() {
		this.sending = false;
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.messaging.queueStats(this.queue).length().orElse(1) == 0);
		close();
		long lost = this.sent.stream().filter((number) -> !this.received.contains(number)).count();
		long arrived = this.unknown.stream().filter(this.received::contains).count();
		assertThat(this.unexpected).as("failures that are no outage").isEmpty();
		assertThat(this.received).allMatch((number) -> this.sent.contains(number) || this.unknown.contains(number));
		return new Account(this.sent.size(), this.received.size(), lost, this.unknown.size(), arrived,
				this.redelivered.get(), this.resurrected.get());
	}

	@Override
	public void close() {
		this.sends.close();
		this.receives.close();
	}

	/**
	 * What became of the messages.
	 *
	 * @param sent how many were sent, as {@code sendMessage} said
	 * @param received how many came, each counted once
	 * @param lost how many of those sent did not come
	 * @param unknown how many sends failed while the database may have done them
	 * @param arrived how many of those came
	 * @param redelivered how often a message came again
	 * @param resurrected how often one came again after it had been acknowledged
	 */
	record Account(int sent, int received, long lost, int unknown, long arrived, int redelivered, int resurrected) {

	}

}
