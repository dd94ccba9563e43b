/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BoundedProbesTests {

	private final BoundedProbes probes = new BoundedProbes();

	@Test
	void anAnswerIsNotLostWhileAnotherIsWaitedFor() throws Exception {
		CountDownLatch silence = new CountDownLatch(1);
		AtomicInteger asked = new AtomicInteger();
		BoundedProbe<String> silent = this.probes.create("silent", () -> {
			silence.await();
			return "late";
		});
		BoundedProbe<Integer> quick = this.probes.create("quick", asked::incrementAndGet);
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(silent::ask);
		assertThat(quick.ask()).isOne();
		silence.countDown();
		Awaitility.await().ignoreExceptions().until(silent::ask, "late"::equals);
	}

	@Test
	void aBurstAsksOnce() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		BoundedProbe<Integer> probe = this.probes.create("burst", asked::incrementAndGet);
		for (int i = 0; i < 1000; i++) {
			assertThat(probe.ask()).isOne();
		}
		Awaitility.await().until(() -> probe.ask() > 1);
	}

	@Test
	void aFailureIsThrownAsItIs() {
		BoundedProbe<Integer> probe = this.probes.create("failing", () -> {
			throw new IllegalStateException("no");
		});
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(probe::ask).withMessage("no");
	}

}
