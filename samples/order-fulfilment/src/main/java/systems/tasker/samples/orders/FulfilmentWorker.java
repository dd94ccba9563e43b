/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import systems.tasker.messaging.MessageNotFoundException;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;

/**
 * Receives messages and fulfils their orders, on a thread of its own from the start of
 * the application to its end.
 */
@Component
class FulfilmentWorker implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(FulfilmentWorker.class);

	private static final int BATCH = 10;

	/** Ample for a batch: a message that takes longer is given to somebody else too. */
	private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration IDLE_PAUSE = Duration.ofMillis(200);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

	private final MessagingService messagingService;

	private final OrderService orders;

	private volatile CountDownLatch stopping = new CountDownLatch(0);

	private volatile @Nullable Thread thread;

	FulfilmentWorker(MessagingService messagingService, OrderService orders) {
		this.messagingService = messagingService;
		this.orders = orders;
	}

	@Override
	public void start() {
		this.stopping = new CountDownLatch(1);
		Thread thread = new Thread(this::run, "fulfilment-worker");
		thread.setDaemon(true);
		thread.start();
		this.thread = thread;
	}

	@Override
	public void stop() {
		this.stopping.countDown();
		Thread thread = this.thread;
		try {
			if (thread != null) {
				thread.join(STOP_TIMEOUT.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		Thread thread = this.thread;
		return thread != null && thread.isAlive();
	}

	private void run() {
		Duration pause = Duration.ZERO;
		while (!isStopping(pause)) {
			try {
				pause = work() ? Duration.ZERO : IDLE_PAUSE;
			}
			// Nothing but stop() ends the worker.
			catch (Throwable ex) {
				pause = afterFailure(pause);
				if (!isStopping(Duration.ZERO)) {
					logger.warn("The queue cannot be used, next try in {} ms: {}", pause.toMillis(), ex.toString());
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
	 * Work off one batch.
	 * @return whether there may be more
	 */
	private boolean work() {
		List<QueuedMessage<FulfilOrder>> messages = this.messagingService.receiveMessages(FulfilOrder.QUEUE,
				FulfilOrder.class, BATCH, VISIBILITY_TIMEOUT);
		messages.forEach(this::settle);
		return messages.size() == BATCH;
	}

	// What else the queue throws ends the batch: the messages come back by themselves.
	private void settle(QueuedMessage<FulfilOrder> message) {
		try {
			if (isStopping(Duration.ZERO)) {
				retry(message, Duration.ZERO);
			}
			else {
				handle(message);
			}
		}
		catch (MessageNotFoundException ex) {
			logger.info("Message {} took too long: another worker has handled it as well", message.id());
		}
	}

	private void handle(QueuedMessage<FulfilOrder> message) {
		try {
			this.orders.fulfil(message.payload().orderId());
		}
		catch (MessageSerializationException | UnknownOrderException ex) {
			logger.warn("Message {} is put aside in the archive of its queue: {}", message.id(), ex.getMessage());
			this.messagingService.nackMessage(FulfilOrder.QUEUE, message.handle(), false);
			return;
		}
		catch (Throwable ex) {
			Duration delay = Duration.ofSeconds(Math.min(60, 1L << Math.min(6, message.receiveCount())));
			logger.warn("Message {} failed {} times, next try in {} s", message.id(), message.receiveCount(),
					delay.toSeconds(), ex);
			retry(message, delay);
			return;
		}
		this.messagingService.ackMessage(FulfilOrder.QUEUE, message.handle());
	}

	private void retry(QueuedMessage<FulfilOrder> message, Duration delay) {
		this.messagingService.nackMessage(FulfilOrder.QUEUE, message.handle(), delay);
	}

}
