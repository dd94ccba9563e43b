/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.pgmq.Ledger.Event;

/**
 * Threads that send numbered messages, receive them and settle them in any way there is,
 * and write down what they are told.
 */
final class StressTraffic implements AutoCloseable {

	/** What is parked stays in the queue until the end. */
	static final Duration PARKED = Duration.ofHours(1);

	private static final Duration VISIBILITY = Duration.ofSeconds(2);

	private static final int THREADS = 32;

	private static final int SENDS_FOR_EACH_RECEIVE = 5;

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

	private final CountDownLatch end = new CountDownLatch(1);

	private final AtomicLong numbers = new AtomicLong();

	private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();

	private final Ledger ledger = new Ledger();

	private final MessagingService service;

	private final String queue;

	private final long messages;

	StressTraffic(MessagingService service, String queue, long messages) {
		this.service = service;
		this.queue = queue;
		this.messages = messages;
	}

	void start() {
		for (int i = 0; i < THREADS; i++) {
			this.executor.execute(this::work);
		}
	}

	boolean allSent() {
		return this.numbers.get() >= this.messages;
	}

	/**
	 * Return failures that are no lost connection.
	 */
	Queue<Throwable> unexpected() {
		return this.unexpected;
	}

	/**
	 * End the threads and wait for them.
	 * @return the account, to which nothing is added any more
	 */
	Ledger end() throws InterruptedException {
		this.end.countDown();
		this.executor.shutdown();
		if (!this.executor.awaitTermination(1, TimeUnit.MINUTES)) {
			throw new IllegalStateException("Some calls do not return");
		}
		return this.ledger;
	}

	private void work() {
		try {
			boolean idle = false;
			while (!this.end.await((idle) ? 20 : 0, TimeUnit.MILLISECONDS)) {
				int sent = 0;
				while (sent < SENDS_FOR_EACH_RECEIVE && send()) {
					sent++;
				}
				idle = !receive() && sent == 0;
			}
		}
		catch (Throwable ex) {
			this.unexpected.add(ex);
		}
	}

	private boolean send() {
		long number = this.numbers.incrementAndGet();
		if (number > this.messages) {
			return false;
		}
		try {
			this.ledger.note(number, Event.SENT, this.service.sendMessage(this.queue, number));
		}
		catch (MessagingUnavailableException ex) {
			this.ledger.note(number, Event.SEND_UNKNOWN);
		}
		return true;
	}

	private boolean receive() {
		List<QueuedMessage<Long>> received;
		try {
			received = this.service.receiveMessages(this.queue, Long.class, 10, VISIBILITY);
		}
		catch (MessagingUnavailableException ex) {
			return true;
		}
		List<QueuedMessage<Long>> done = new ArrayList<>();
		for (QueuedMessage<Long> message : received) {
			this.ledger.note(message.payload(), Event.RECEIVED, message.id());
			handle(message, done);
		}
		ackAll(done);
		return !received.isEmpty();
	}

	private void handle(QueuedMessage<Long> message, List<QueuedMessage<Long>> done) {
		ReceiptHandle handle = message.handle();
		int permille = ThreadLocalRandom.current().nextInt(1000);
		if (permille < 2) {
			settle(message, Event.NACKED, Event.NACK_UNKNOWN,
					() -> this.service.nackMessage(this.queue, handle, PARKED));
		}
		else if (permille < 100) {
			settle(message, Event.NACKED, Event.NACK_UNKNOWN,
					() -> this.service.nackMessage(this.queue, handle, Duration.ZERO));
		}
		else if (permille < 150) {
			settle(message, Event.NACKED, Event.NACK_UNKNOWN,
					() -> this.service.nackMessage(this.queue, handle, Duration.ofSeconds(1)));
		}
		else if (permille < 160) {
			settle(message, Event.NACKED, Event.NACK_UNKNOWN, () -> this.service.nackMessage(this.queue, handle, true));
		}
		else if (permille < 260) {
			settle(message, Event.ARCHIVED, Event.ARCHIVE_UNKNOWN,
					() -> this.service.nackMessage(this.queue, handle, false));
		}
		else if (permille < 600) {
			settle(message, Event.ACKED, Event.ACK_UNKNOWN, () -> this.service.ackMessage(this.queue, handle));
		}
		else {
			done.add(message);
		}
	}

	private void settle(QueuedMessage<Long> message, Event done, Event unknown, Runnable call) {
		try {
			call.run();
			this.ledger.note(message.payload(), done);
		}
		catch (MessageNotFoundException ex) {
			this.ledger.note(message.payload(), Event.NOT_FOUND);
		}
		catch (MessagingUnavailableException ex) {
			this.ledger.note(message.payload(), unknown);
		}
	}

	private void ackAll(List<QueuedMessage<Long>> done) {
		try {
			List<ReceiptHandle> missing = this.service.ackMessages(this.queue,
					done.stream().map(QueuedMessage::handle).toList());
			done.forEach((message) -> this.ledger.note(message.payload(),
					missing.contains(message.handle()) ? Event.NOT_FOUND : Event.ACKED));
		}
		catch (MessagingUnavailableException ex) {
			done.forEach((message) -> this.ledger.note(message.payload(), Event.ACK_UNKNOWN));
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
