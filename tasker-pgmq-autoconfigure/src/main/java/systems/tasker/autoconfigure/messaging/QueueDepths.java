/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.autoconfigure.database.FailureText;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.inmemory.InMemoryMessagingService;
import systems.tasker.messaging.pgmq.PgmqQueues;

/**
 * Asks how deep all queues are. There is an answer within a second, whatever the state of
 * what carries the messages; it holds for a second.
 */
public final class QueueDepths {

	private final BoundedProbe<List<QueueDepth>> probe;

	private QueueDepths(Callable<List<QueueDepth>> question) {
		this.probe = new BoundedProbes().create("queue-depths", question);
	}

	static QueueDepths of(PgmqQueues queues) {
		return new QueueDepths(() -> queues.figures()
			.stream()
			.map((queue) -> new QueueDepth(queue.queue(), queue.depth(), queue.visible(), queue.error()))
			.toList());
	}

	static QueueDepths of(InMemoryMessagingService messagingService) {
		return new QueueDepths(() -> messagingService.queueNames()
			.stream()
			.map(messagingService::queueStats)
			.map(QueueDepths::depth)
			.toList());
	}

	private static QueueDepth depth(QueueStats stats) {
		return new QueueDepth(stats.queue(), stats.length(), stats.visible(), Optional.empty());
	}

	/**
	 * Ask.
	 * @return the queues, or why they are not known; never throws
	 */
	public QueueDepthReport read() {
		try {
			return QueueDepthReport.of(this.probe.ask());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return QueueDepthReport.unknown("interrupted");
		}
		catch (Exception ex) {
			return QueueDepthReport.unknown(FailureText.of(ex).replaceAll("\\s+", " "));
		}
	}

}
