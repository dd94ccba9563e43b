/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;

import static org.assertj.core.api.Assertions.assertThat;

class PgmqConcurrencyIntegrationTests {

	private static final int THREADS = 16;

	private static final Duration HOUR = Duration.ofHours(1);

	@AutoClose
	private static final MessagingFixture fixture = new MessagingFixture();

	@AutoClose("shutdownNow")
	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

	private final MessagingService service = fixture.service();

	@Test
	void manyInstancesEnsureTheSameQueuesAtOnce() throws Exception {
		List<String> queues = IntStream.range(0, 4).mapToObj((i) -> "started_at_once_" + i).toList();
		atOnce(() -> {
			this.service.ensureQueues(queues);
			return this.service.sendMessage(queues.get(0), 1);
		});
		assertThat(this.service.verifyQueues(queues).healthy()).isEqualTo(queues);
		assertThat(this.service.queueStats(queues.get(0)).length()).hasValue(THREADS);
	}

	@Test
	void noMessageIsClaimedTwice() throws Exception {
		String queue = fixture.newQueue();
		List<MessageId> ids = this.service.sendBatch(queue, IntStream.range(0, 400).boxed().toList());
		List<MessageId> claimed = atOnce(() -> {
			List<MessageId> mine = new ArrayList<>();
			List<QueuedMessage<Integer>> batch = this.service.receiveMessages(queue, Integer.class, 7, HOUR);
			while (!batch.isEmpty()) {
				batch.forEach((message) -> mine.add(message.id()));
				batch = this.service.receiveMessages(queue, Integer.class, 7, HOUR);
			}
			return mine;
		}).stream().flatMap(List::stream).toList();
		assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
	}

	@Test
	void oneOfManyClaimsAMessageById() throws Exception {
		String queue = fixture.newQueue();
		MessageId id = this.service.sendMessage(queue, 1);
		assertThat(atOnce(() -> this.service.receiveMessage(queue, Integer.class, id, HOUR)))
			.filteredOn((message) -> message.isPresent())
			.singleElement()
			.satisfies((message) -> assertThat(message.get().receiveCount()).isEqualTo(1));
	}

	private <T> List<T> atOnce(Callable<T> work) throws Exception {
		CyclicBarrier start = new CyclicBarrier(THREADS);
		List<Future<T>> futures = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			futures.add(this.executor.submit(() -> {
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

}
