/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the groups of the conformance suite have in common: a queue for each test. Tests
 * run side by side where JUnit is told to; none looks at the queue of another.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class MessagingContract {

	static final Duration HOUR = Duration.ofHours(1);

	static final Duration SECOND = Duration.ofSeconds(1);

	static final int RACERS = 20;

	/** One race at a time: each takes all connections that a provider has to have. */
	private static final Lock RACE = new ReentrantLock();

	/** The clock of the broker may go a little faster than ours. */
	private static final Duration TOLERANCE = Duration.ofMillis(20);

	/** Less than a second, or what was rounded up once too often would pass. */
	private static final Duration DELIVERY = Duration.ofMillis(500);

	final MessagingService service;

	final String queue;

	MessagingContract(MessagingService service) {
		this.service = service;
		this.queue = newQueue();
	}

	static String newName() {
		return "conformance_" + UUID.randomUUID().toString().replace('-', '_').substring(0, 23);
	}

	final String newQueue() {
		String name = newName();
		this.service.ensureQueue(name);
		return name;
	}

	final List<QueuedMessage<Integer>> receive(int max) {
		return this.service.receiveMessages(this.queue, Integer.class, max, HOUR);
	}

	final QueuedMessage<Integer> sendAndReceive(Duration visibilityTimeout) {
		this.service.sendMessage(this.queue, 1);
		return this.service.receiveMessages(this.queue, Integer.class, 1, visibilityTimeout).get(0);
	}

	final ReceiptHandle sendAndReceive() {
		return sendAndReceive(this.queue);
	}

	final ReceiptHandle sendAndReceive(String queue) {
		this.service.sendMessage(queue, 1);
		return this.service.receiveMessages(queue, Integer.class, 1, HOUR).get(0).handle();
	}

	/**
	 * Do something that hides the only message of the queue, and wait until it is back.
	 * @param hidden how long the message must be away, and with what is missing to whole
	 * seconds no longer
	 * @param hide hides the message
	 * @return the message as it was received when it was back
	 */
	final QueuedMessage<Integer> awaitReturn(Duration hidden, Runnable hide) {
		Duration rounded = Duration.ofSeconds(hidden.plusSeconds(1).minusNanos(1).getSeconds());
		long start = System.nanoTime();
		hide.run();
		long end = System.nanoTime();
		QueuedMessage<Integer> message = await().atMost(Duration.ofSeconds(20))
			.pollInterval(Duration.ofMillis(25))
			.until(() -> receiveBy(end + rounded.plus(DELIVERY).toNanos()), Optional::isPresent)
			.orElseThrow();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).as("hidden for")
			.isGreaterThanOrEqualTo(hidden.minus(TOLERANCE));
		return message;
	}

	// A receive that begins after the message must be back has to find it, however slow
	// the machine is.
	private Optional<QueuedMessage<Integer>> receiveBy(long latest) {
		long overdue = System.nanoTime() - latest;
		Optional<QueuedMessage<Integer>> message = receive(1).stream().findFirst();
		assertThat(message.isPresent() || overdue <= 0).as("back when its time has come").isTrue();
		return message;
	}

	/**
	 * Claim a message that has to say when it comes back. What the clock of the broker
	 * shows before and after that is known from messages sent then.
	 * @param hidden how long the message is to be hidden
	 * @param claim claims the message
	 */
	final void assertSaysWhenItComesBack(Duration hidden, Supplier<QueuedMessage<Integer>> claim) {
		String clock = newQueue();
		Instant before = now(clock);
		QueuedMessage<Integer> message = claim.get();
		assertThat(message.visibleAt()).isBetween(before.plus(hidden), now(clock).plus(hidden));
	}

	/**
	 * Ask for the time by the clock of the broker, or shortly before.
	 * @param clock a queue for nothing else
	 * @return when a message was sent just now
	 */
	final Instant now(String clock) {
		this.service.sendMessage(clock, 1);
		return this.service.receiveMessages(clock, Integer.class, 1, HOUR).get(0).enqueuedAt();
	}

	/**
	 * Do the same on many threads at once.
	 * @param <T> the type of the results
	 * @param work what each thread does
	 * @return what the threads returned
	 * @throws Exception if one of them failed
	 */
	static <T> List<T> race(Callable<T> work) throws Exception {
		CyclicBarrier start = new CyclicBarrier(RACERS);
		ExecutorService executor = Executors.newFixedThreadPool(RACERS);
		RACE.lock();
		try {
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < RACERS; i++) {
				futures.add(executor.submit(() -> {
					start.await();
					return work.call();
				}));
			}
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get());
			}
			return results;
		}
		finally {
			RACE.unlock();
			executor.shutdownNow();
		}
	}

}
