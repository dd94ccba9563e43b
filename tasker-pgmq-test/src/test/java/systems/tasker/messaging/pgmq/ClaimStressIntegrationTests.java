/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.inmemory.InMemoryMessagingService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of many who ask for the same message at the same moment gets it, a thousand times
 * over.
 */
class ClaimStressIntegrationTests {

	private static final int CLAIMERS = 20;

	private static final int ROUNDS = 1000;

	private static final String QUEUE = "claims";

	@AutoClose
	private static PooledDatabase database;

	private final ExecutorService claimers = Executors.newFixedThreadPool(CLAIMERS);

	@BeforeAll
	static void createDatabase() {
		database = PooledDatabase.withExtension();
	}

	@Test
	void oneClaimerWinsWithPgmq() throws Exception {
		assertThat(winners(database.service())).hasSize(ROUNDS).containsOnly(1);
	}

	@Test
	void oneClaimerWinsInMemory() throws Exception {
		assertThat(winners(new InMemoryMessagingService())).hasSize(ROUNDS).containsOnly(1);
	}

	private List<Integer> winners(MessagingService service) throws Exception {
		service.ensureQueue(QUEUE);
		List<MessageId> ids = service.sendBatch(QUEUE, IntStream.range(0, ROUNDS).boxed().toList());
		AtomicIntegerArray winners = new AtomicIntegerArray(ROUNDS);
		CyclicBarrier start = new CyclicBarrier(CLAIMERS);
		try {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < CLAIMERS; i++) {
				running.add(this.claimers.submit(() -> {
					for (int round = 0; round < ROUNDS; round++) {
						start.await(1, TimeUnit.MINUTES);
						if (service.receiveMessage(QUEUE, Integer.class, ids.get(round), Duration.ofHours(1))
							.isPresent()) {
							winners.incrementAndGet(round);
						}
					}
					return null;
				}));
			}
			for (Future<?> claimer : running) {
				claimer.get(5, TimeUnit.MINUTES);
			}
		}
		finally {
			this.claimers.shutdownNow();
		}
		return IntStream.range(0, ROUNDS).mapToObj(winners::get).toList();
	}

}
