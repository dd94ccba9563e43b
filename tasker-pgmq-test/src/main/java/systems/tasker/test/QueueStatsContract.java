/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.SendOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What {@code queueStats} promises. A provider may not know a figure; one that it gives
 * must be right.
 */
abstract class QueueStatsContract extends MessagingContract {

	QueueStatsContract(MessagingService service) {
		super(service);
	}

	@Test
	void countsMessagesThatAreVisibleReceivedAndDelayed() {
		this.service.sendBatch(this.queue, List.of(1, 2, 3, 4));
		this.service.sendMessage(this.queue, 5, SendOptions.none().withDelay(HOUR));
		receive(2);
		QueueStats stats = this.service.queueStats(this.queue);
		assertThat(stats.queue()).isEqualTo(this.queue);
		assertRight(stats.length(), 5);
		assertRight(stats.visible(), 2);
		assertRight(stats.inFlight(), 3);
	}

	@Test
	void countsWhatWasEverSent() {
		this.service.ackMessage(this.queue, sendAndReceive());
		this.service.nackMessage(this.queue, sendAndReceive(), false);
		this.service.sendMessage(this.queue, 3);
		QueueStats stats = this.service.queueStats(this.queue);
		assertRight(stats.length(), 1);
		assertRight(stats.totalSent(), 3);
	}

	@Test
	void tellsHowOldMessagesAre() {
		String clock = newQueue();
		this.service.sendMessage(this.queue, 1);
		Instant later = now(clock).plus(SECOND);
		await().until(() -> !now(clock).isBefore(later));
		this.service.sendMessage(this.queue, 2);
		QueueStats stats = this.service.queueStats(this.queue);
		stats.oldestAge().ifPresent((age) -> assertThat(age).isBetween(SECOND, Duration.ofMinutes(1)));
		stats.newestAge().ifPresent((age) -> assertThat(age).isBetween(Duration.ZERO, Duration.ofMinutes(1)));
		stats.oldestAge()
			.ifPresent((oldest) -> stats.newestAge()
				.ifPresent((newest) -> assertThat(oldest.minus(newest)).as("older by").isGreaterThanOrEqualTo(SECOND)));
	}

	@Test
	void emptyQueueHasNoAges() {
		this.service.ackMessage(this.queue, sendAndReceive());
		QueueStats stats = this.service.queueStats(this.queue);
		assertRight(stats.length(), 0);
		assertRight(stats.visible(), 0);
		assertThat(stats.oldestAge()).isEmpty();
		assertThat(stats.newestAge()).isEmpty();
	}

	private static void assertRight(OptionalLong figure, long expected) {
		assertThat(figure.orElse(expected)).isEqualTo(expected);
	}

}
