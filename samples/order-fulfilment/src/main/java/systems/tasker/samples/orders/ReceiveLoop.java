/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import systems.tasker.database.DatabaseAvailability;
import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.workflow.TaskerNotFoundException;

/**
 * Receives messages of a queue in batches and handles them, on threads of its own from
 * the start of the application to its end.
 *
 * @param <T> the type of the messages
 */
class ReceiveLoop<T> implements SmartLifecycle {

	static final int BATCH = 20;

	private static final Logger logger = LoggerFactory.getLogger(ReceiveLoop.class);

	private static final Duration IDLE_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

	/** What fails so often, over some five minutes, is put aside. */
	private static final int MAX_RECEIVES = 10;

	private final String queue;

	private final int threads;

	private final IntFunction<List<QueuedMessage<T>>> receiver;

	private final Consumer<T> handler;

	private final MessagingService messaging;

	private volatile CountDownLatch stopping = new CountDownLatch(0);

	private volatile List<Thread> running = List.of();

	ReceiveLoop(String queue, int threads, IntFunction<List<QueuedMessage<T>>> receiver, Consumer<T> handler,
			MessagingService messaging) {
		this.queue = queue;
		this.threads = threads;
		this.receiver = receiver;
		this.handler = handler;
		this.messaging = messaging;
	}

	@Override
	public void start() {
		this.stopping = new CountDownLatch(1);
		this.running = IntStream.rangeClosed(1, this.threads)
			.mapToObj((number) -> new Thread(this::run, this.queue + "-" + number))
			.toList();
		this.running.forEach((thread) -> {
			thread.setDaemon(true);
			thread.start();
		});
	}

	@Override
	public void stop() {
		this.stopping.countDown();
		long end = System.nanoTime() + STOP_TIMEOUT.toNanos();
		try {
			for (Thread thread : this.running) {
				thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running.stream().anyMatch(Thread::isAlive);
	}

	private void run() {
		Duration pause = Duration.ZERO;
		while (!isStopping(pause)) {
			try {
				pause = work() ? Duration.ZERO : IDLE_PAUSE;
			}
			// Nothing but stop() ends the loop.
			catch (Throwable ex) {
				pause = afterFailure(pause);
				if (!isStopping(Duration.ZERO)) {
					logger.warn("{} cannot be used, next try in {} ms: {}", this.queue, pause.toMillis(),
							ex.toString());
				}
			}
		}
	}

	private boolean isStopping(Duration pause) {
		try {
			return this.stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			// Left behind by a handler, and no request to stop.
			return this.stopping.getCount() == 0;
		}
	}

	private static Duration afterFailure(Duration pause) {
		Duration next = pause.multipliedBy(2).plus(IDLE_PAUSE);
		return (next.compareTo(LONGEST_PAUSE) < 0) ? next : LONGEST_PAUSE;
	}

	/**
	 * Work off one batch. What else the queue throws ends it: the messages come back by
	 * themselves.
	 * @return whether there may be more
	 */
	private boolean work() {
		List<QueuedMessage<T>> messages = this.receiver.apply(BATCH);
		List<ReceiptHandle> done = new ArrayList<>();
		messages.stream().filter(this::isDone).map(QueuedMessage::handle).forEach(done::add);
		this.messaging.ackMessages(this.queue, done)
			.forEach((handle) -> logger.info("{} took too long: another worker has it as well", handle));
		return !messages.isEmpty();
	}

	private boolean isDone(QueuedMessage<T> message) {
		try {
			if (!isStopping(Duration.ZERO)) {
				return handle(message);
			}
			this.messaging.nackMessage(this.queue, message.handle(), Duration.ZERO);
		}
		catch (MessageNotFoundException ex) {
			logger.info("Message {} took too long: another worker has it as well", message.id());
		}
		return false;
	}

	private boolean handle(QueuedMessage<T> message) {
		try {
			this.handler.accept(message.payload());
			return true;
		}
		catch (MessageSerializationException | UnknownStepException | TaskerNotFoundException ex) {
			putAside(message, ex);
		}
		catch (Throwable ex) {
			if (message.receiveCount() >= MAX_RECEIVES && !DatabaseAvailability.isOutage(ex)) {
				putAside(message, ex);
			}
			else {
				retry(message, ex);
			}
		}
		return false;
	}

	private void putAside(QueuedMessage<T> message, Throwable ex) {
		logger.warn("Message {} is put aside in the archive of {}: {}", message.id(), this.queue, ex.toString());
		this.messaging.nackMessage(this.queue, message.handle(), false);
	}

	private void retry(QueuedMessage<T> message, Throwable ex) {
		Duration delay = Duration.ofSeconds(Math.min(60, 1L << Math.min(6, message.receiveCount())));
		logger.warn("Message {} of {} failed {} times, next try in {} s", message.id(), this.queue,
				message.receiveCount(), delay.toSeconds(), ex);
		this.messaging.nackMessage(this.queue, message.handle(), delay);
	}

}
