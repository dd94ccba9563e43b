/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueHealthReport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code verifyQueues} promises.
 */
abstract class VerifyQueuesContract extends MessagingContract {

	VerifyQueuesContract(MessagingService service) {
		super(service);
	}

	@Test
	void tellsHealthyQueuesFromMissingOnes() {
		String other = newQueue();
		String missing = newName();
		QueueHealthReport report = this.service.verifyQueues(List.of(other, missing, this.queue));
		assertThat(report).isEqualTo(new QueueHealthReport(List.of(other, this.queue), List.of(missing), Map.of()));
	}

	@Test
	void createsNoQueue() {
		String missing = newName();
		this.service.verifyQueues(List.of(missing));
		assertThat(this.service.verifyQueues(List.of(missing)).missing()).containsExactly(missing);
	}

	@Test
	void reportsAnInvalidNameAndTheStateOfTheOthers() {
		QueueHealthReport report = this.service.verifyQueues(List.of("Bad-Name", this.queue));
		assertThat(report.errors()).containsOnlyKeys("Bad-Name");
		assertThat(report.errors().get("Bad-Name")).isNotBlank();
		assertThat(report.healthy()).containsExactly(this.queue);
		assertThat(report.missing()).isEmpty();
	}

	@Test
	void reportsAQueueNamedTwiceOnce() {
		String missing = newName();
		assertThat(this.service.verifyQueues(List.of(this.queue, missing, missing, this.queue)))
			.isEqualTo(new QueueHealthReport(List.of(this.queue), List.of(missing), Map.of()));
	}

	@Test
	void reportsNothingForNoQueues() {
		assertThat(this.service.verifyQueues(List.of()))
			.isEqualTo(new QueueHealthReport(List.of(), List.of(), Map.of()));
	}

}
