/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class BackgroundWorkTests {

	private final AtomicBoolean broken = new AtomicBoolean(true);

	private final AtomicInteger missed = new AtomicInteger();

	private final BackgroundWork work = new BackgroundWork(
			new BackgroundWork.Work("pgmq", "errands", true, (dataSource) -> run(), this.missed::incrementAndGet),
			Duration.ZERO, Duration.ofMillis(1), new DriverManagerDataSource());

	@AfterEach
	void stop() {
		this.work.stop();
	}

	@Test
	void anErrorIsMissedWorkAndToldOnceAndWhenItIsOver(CapturedOutput output) {
		this.work.start();
		await().until(() -> this.missed.get() > 5);
		assertThat(output).containsOnlyOnce("Background work errands fails")
			.containsOnlyOnce("NoClassDefFoundError: some/Driver")
			.doesNotContain("\tat ");
		this.broken.set(false);
		await().until(() -> output.getOut().contains("Background work errands succeeds again"));
	}

	private void run() {
		if (this.broken.get()) {
			throw new NoClassDefFoundError("some/Driver");
		}
	}

}
