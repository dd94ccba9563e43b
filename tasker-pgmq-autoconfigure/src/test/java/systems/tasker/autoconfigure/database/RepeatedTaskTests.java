/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RepeatedTaskTests {

	private static final Duration MILLISECOND = Duration.ofMillis(1);

	@Test
	void runsOnADaemonThreadOfItsName() throws InterruptedException {
		CountDownLatch run = new CountDownLatch(2);
		StringBuffer threads = new StringBuffer();
		try (RepeatedTask task = new RepeatedTask("sweeper", Duration.ZERO, MILLISECOND, () -> {
			threads.append(Thread.currentThread().getName()).append(Thread.currentThread().isDaemon());
			run.countDown();
		})) {
			assertThat(run.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(task.awaitEnd(Duration.ZERO)).isFalse();
		}
		assertThat(threads).startsWith("sweepertruesweepertrue");
	}

	@Test
	void goesOnAfterARunThatFailed() throws InterruptedException {
		CountDownLatch runs = new CountDownLatch(3);
		try (RepeatedTask task = new RepeatedTask("sweeper", Duration.ZERO, MILLISECOND, () -> {
			runs.countDown();
			throw new AssertionError("on purpose");
		})) {
			assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(task.awaitEnd(Duration.ZERO)).isFalse();
		}
	}

	@Test
	void waitsBeforeTheFirstRun() throws InterruptedException {
		AtomicInteger runs = new AtomicInteger();
		try (RepeatedTask task = new RepeatedTask("sweeper", Duration.ofHours(1), MILLISECOND, runs::incrementAndGet)) {
			assertThat(task.awaitEnd(Duration.ofMillis(100))).isFalse();
			assertThat(runs).hasValue(0);
		}
	}

	@Test
	void closingInterruptsTheRunAndEndsTheThread() throws InterruptedException {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		RepeatedTask task = new RepeatedTask("sweeper", Duration.ZERO, MILLISECOND, () -> {
			running.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		});
		assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(task.awaitEnd(MILLISECOND)).isFalse();
		task.close();
		assertThat(task.awaitEnd(Duration.ofSeconds(10))).isTrue();
		assertThat(interrupted.getCount()).isZero();
	}

}
