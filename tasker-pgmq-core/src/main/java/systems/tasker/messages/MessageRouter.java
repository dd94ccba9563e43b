/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.Namespace;

/**
 * Says which queue a message belongs into. Each method that takes a namespace throws
 * {@link InvalidQueueNameException} for one that breaks the rule of {@link Namespace}.
 */
public final class MessageRouter {

	private final QueueNaming naming;

	/**
	 * Use the names of {@link QueueNaming#worker}.
	 */
	public MessageRouter() {
		this(QueueNaming.worker());
	}

	/**
	 * Use other names.
	 * @param naming the names
	 */
	public MessageRouter(QueueNaming naming) {
		this.naming = naming;
	}

	/**
	 * Return the queue of steps that are ready, read by workers.
	 * @param namespace the namespace of the task
	 * @return the name of the queue
	 */
	public String stepQueue(String namespace) {
		return queue(this.naming.stepQueue(), namespace);
	}

	/**
	 * Return the queue of results of steps, read by the orchestration.
	 * @return the name of the queue
	 * @throws IllegalStateException if there is one for each namespace
	 */
	public String resultQueue() {
		if (QueueNaming.hasNamespace(this.naming.resultQueue())) {
			throw new IllegalStateException("Results have a queue for each namespace, %s: name the namespace"
				.formatted(this.naming.resultQueue()));
		}
		return this.naming.resultQueue();
	}

	/**
	 * Return the queue of results of steps of a namespace, which is the queue of all
	 * results unless there is one for each namespace.
	 * @param namespace the namespace of the task
	 * @return the name of the queue
	 */
	public String resultQueue(String namespace) {
		return queue(this.naming.resultQueue(), namespace);
	}

	/**
	 * Return the queue of requests for tasks, read by the orchestration.
	 * @return the name of the queue
	 */
	public String taskRequestQueue() {
		return this.naming.taskRequestQueue();
	}

	/**
	 * Return the queue of tasks to finalize, read by the orchestration.
	 * @return the name of the queue
	 */
	public String taskFinalizationQueue() {
		return this.naming.taskFinalizationQueue();
	}

	/**
	 * Return the queue of events of the application.
	 * @param namespace the namespace of the events
	 * @return the name of the queue
	 */
	public String domainEventQueue(String namespace) {
		return queue(this.naming.domainEventQueue(), namespace);
	}

	/**
	 * Return the queue of events of the application that could not be handled.
	 * @param namespace the namespace of the events
	 * @return the name of the queue
	 */
	public String domainEventDeadLetterQueue(String namespace) {
		return QueueNaming.deadLetterQueue(domainEventQueue(namespace));
	}

	private static String queue(String pattern, String namespace) {
		return QueueNaming.resolve(pattern, new Namespace(namespace).value());
	}

}
