/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.messaging.observation.MessageOperation;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class QueueLimitObservationFilterTests {

	private final AtomicReference<String> queue = new AtomicReference<>();

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final MessageObservations observations = new MessageObservations(this.registry, "pigeon");

	QueueLimitObservationFilterTests() {
		this.registry.observationConfig()
			.observationFilter(new QueueLimitObservationFilter())
			.observationHandler(new Recorder());
	}

	@Test
	void tellsSoManyQueuesApartAndWarnsOnce(CapturedOutput output) {
		for (int i = 0; i < QueueLimit.MAX_QUEUES; i++) {
			assertThat(tagFor("queue_" + i)).isEqualTo("queue_" + i);
		}
		assertThat(output).doesNotContain("WARN");
		assertThat(tagFor("one_too_many")).isEqualTo("other");
		assertThat(tagFor("another")).isEqualTo("other");
		assertThat(tagFor("queue_0")).isEqualTo("queue_0");
		assertThat(output).containsOnlyOnce("Meters tell 500 queues apart; 'one_too_many' and all further ones");
		assertThat(output).containsOnlyOnce("WARN");
	}

	@Test
	void leavesOtherObservationsAlone() {
		Observation.createNotStarted("something.else", this.registry)
			.lowCardinalityKeyValue("queue", "checkout")
			.observe(() -> {
			});
		assertThat(this.queue).hasValue("checkout");
	}

	private String tagFor(String name) {
		this.observations.call(MessageOperation.ACK, name, () -> {
		});
		return this.queue.get();
	}

	/**
	 * Keeps the last queue it was told.
	 */
	private final class Recorder implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			QueueLimitObservationFilterTests.this.queue.set(context.getLowCardinalityKeyValue("queue").getValue());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
