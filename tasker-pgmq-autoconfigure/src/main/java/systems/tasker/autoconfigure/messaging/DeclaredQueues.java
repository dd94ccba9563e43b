/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

import systems.tasker.autoconfigure.database.DurationRange;
import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.QueueName;
import systems.tasker.messaging.pgmq.Autovacuum;

/**
 * The queues that the configuration declares, checked.
 *
 * @param queues the queues, in the order of the configuration
 */
record DeclaredQueues(List<Queue> queues) {

	private static final String PROPERTY = "tasker.messaging.queues";

	/** The database is told of milliseconds, and zero of them would be everything. */
	private static final DurationRange RETENTION = DurationRange.from("1ms");

	static DeclaredQueues of(TaskerMessagingProperties properties, ConfigurableEnvironment environment) {
		QueueKeys.check(environment);
		return of(properties.queues());
	}

	/*
	 * No database makes a bad declaration good, so nobody should wait for one.
	 */
	static DeclaredQueues of(List<QueueProperties> properties) {
		List<Queue> queues = new ArrayList<>();
		Set<String> names = new HashSet<>();
		for (QueueProperties declared : properties) {
			Queue queue = queue("%s[%d].".formatted(PROPERTY, queues.size()), declared);
			if (!names.add(queue.name())) {
				throw invalid(queue.property() + "name", queue.name(),
						"declares queue \"" + queue.name() + "\" a second time");
			}
			queues.add(queue);
		}
		return new DeclaredQueues(List.copyOf(queues));
	}

	private static Queue queue(String property, QueueProperties declared) {
		if (!StringUtils.hasText(declared.name())) {
			throw invalid(property + "name", declared.name(), "must name the queue. Lists are not merged: this "
					+ "one is from the first property source that has any of it, and the name is missing there");
		}
		try {
			QueueName name = new QueueName(declared.name());
			return new Queue(name.value(), property, declared.unlogged(), retention(property, declared),
					autovacuum(property, declared));
		}
		catch (InvalidQueueNameException ex) {
			throw new QueueCreationException(List.of(declared.name()), ex);
		}
	}

	// Zero stands for ever here, so that nobody has to tell null from a duration.
	private static Duration retention(String property, QueueProperties declared) {
		Duration retention = declared.archiveRetention();
		if (retention == null) {
			return Duration.ZERO;
		}
		return RETENTION.check(property + "archive-retention", retention, "of queue \"" + declared.name() + "\" ");
	}

	private static Autovacuum autovacuum(String property, QueueProperties declared) {
		QueueProperties.Autovacuum autovacuum = declared.autovacuum();
		try {
			return new Autovacuum(autovacuum.scaleFactor(), autovacuum.threshold(), autovacuum.costDelay());
		}
		catch (IllegalArgumentException ex) {
			throw invalid(property + "autovacuum", autovacuum,
					"of queue \"" + declared.name() + "\" is out of range: " + ex.getMessage());
		}
	}

	private static InvalidConfigurationPropertyValueException invalid(String property, Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(property, value, reason);
	}

	List<String> names() {
		return this.queues.stream().map(Queue::name).toList();
	}

	List<String> names(boolean unlogged) {
		return this.queues.stream().filter((queue) -> queue.unlogged() == unlogged).map(Queue::name).toList();
	}

	/**
	 * Those whose archives are not kept for ever.
	 */
	List<Queue> withRetention() {
		return this.queues.stream().filter(Queue::hasRetention).toList();
	}

	/**
	 * One queue.
	 *
	 * @param name a valid name
	 * @param property where it is declared, with a dot at the end
	 * @param unlogged whether it is created unlogged
	 * @param archiveRetention how long its archive is kept, zero for ever
	 * @param autovacuum how autovacuum treats its tables
	 */
	record Queue(String name, String property, boolean unlogged, Duration archiveRetention, Autovacuum autovacuum) {

		boolean hasRetention() {
			return !this.archiveRetention.isZero();
		}

	}

}
