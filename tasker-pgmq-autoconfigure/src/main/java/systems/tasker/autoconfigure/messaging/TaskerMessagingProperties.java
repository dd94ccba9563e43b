/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

import systems.tasker.messages.QueueNaming;
import systems.tasker.messaging.pgmq.NotifyMode;

/**
 * Properties of messaging.
 *
 * @param provider what carries the messages
 * @param queues queues that are created at start when they are missing, by their names or
 * with properties of each
 * @param maintenanceInterval time between two looks for archived messages that are older
 * than the retention of their queue, 1ms or more. A bare number is seconds
 * @param metricsInterval time between two readings of the figures of all queues, 1ms or
 * more. A bare number is seconds
 * @param maxMessageSize largest payload that is sent, as JSON in UTF-8
 * @param naming which names the queues of Tasker have: "worker" as worker_X_queue, or
 * "dispatch" as tasker_dispatch_X
 * @param routing names of queues that are to be others
 * @param crossDatabase what to do in split mode with a message that is sent inside a
 * transaction on the Tasker database: "warn" sends it and logs each place in the code
 * once, "fail" refuses it
 * @param pgmq what only PGMQ has
 */
@ConfigurationProperties("tasker.messaging")
public record TaskerMessagingProperties(@DefaultValue("pgmq") Provider provider,
		@DefaultValue List<QueueProperties> queues,
		@DefaultValue("1m") @DurationUnit(ChronoUnit.SECONDS) Duration maintenanceInterval,
		@DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS) Duration metricsInterval,
		@DefaultValue("1MB") DataSize maxMessageSize, @DefaultValue("worker") Naming naming,
		@DefaultValue Routing routing, @DefaultValue("warn") CrossDatabase crossDatabase, @DefaultValue Pgmq pgmq) {

	QueueNaming queueNaming() {
		QueueNaming names = this.naming.names();
		return new QueueNaming(Objects.requireNonNullElse(this.routing.stepQueue, names.stepQueue()),
				Objects.requireNonNullElse(this.routing.resultQueue, names.resultQueue()),
				this.routing.taskRequestQueue, this.routing.taskFinalizationQueue, this.routing.domainEventQueue);
	}

	/**
	 * What carries the messages.
	 */
	public enum Provider {

		/** The queues of the PGMQ database. */
		PGMQ,

		/** The memory of the application, for tests and demos. */
		IN_MEMORY

	}

	/**
	 * Which names the queues of Tasker have.
	 */
	public enum Naming {

		/** The names of {@link QueueNaming#worker()}. */
		WORKER,

		/** The names of {@link QueueNaming#dispatch()}. */
		DISPATCH;

		private QueueNaming names() {
			return (this == WORKER) ? QueueNaming.worker() : QueueNaming.dispatch();
		}

	}

	/**
	 * Names of queues that are to be others than the naming says.
	 *
	 * @param stepQueue queue of steps that are ready, with "{namespace}". Default as
	 * naming says
	 * @param resultQueue queue of results of steps, with "{namespace}" or without.
	 * Default as naming says
	 * @param taskRequestQueue queue of requests for tasks
	 * @param taskFinalizationQueue queue of tasks to finalize
	 * @param domainEventQueue queue of events of the application, with "{namespace}"
	 */
	public record Routing(@Nullable String stepQueue, @Nullable String resultQueue,
			@DefaultValue("orchestration_task_requests") String taskRequestQueue,
			@DefaultValue("orchestration_task_finalizations") String taskFinalizationQueue,
			@DefaultValue("{namespace}_domain_events") String domainEventQueue) {

	}

	/**
	 * What to do with a message that is sent inside a transaction on another database.
	 */
	public enum CrossDatabase {

		/** Send it, and log a warning once for each place in the code. */
		WARN,

		/** Refuse it. */
		FAIL,

		/** Keep it with the transaction and send it later; not available yet. */
		OUTBOX

	}

	/**
	 * What only PGMQ has.
	 *
	 * @param notifyMode how others hear that messages were sent: "coalesced" after the
	 * commit and for many messages at once, "transactional" as part of each send, or
	 * "off"
	 * @param notifyInterval least time between two coalesced notifications about a queue,
	 * more than 0 and at most 1h. A bare number is seconds
	 */
	public record Pgmq(@DefaultValue("coalesced") @Name("notify") NotifyMode notifyMode,
			@DefaultValue("5ms") @DurationUnit(ChronoUnit.SECONDS) Duration notifyInterval) {

	}

}
