/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.Namespace;
import systems.tasker.messaging.QueueName;

/**
 * The names of the queues, in which <code>{namespace}</code> stands for a namespace. Each
 * is a valid name with any {@link Namespace}.
 *
 * @param stepQueue the queue of steps that are ready, with a namespace
 * @param resultQueue the queue of results of steps, with a namespace or without
 * @param taskRequestQueue the queue of requests for tasks
 * @param taskFinalizationQueue the queue of tasks to finalize
 * @param domainEventQueue the queue of events of the application, with a namespace. What
 * cannot be handled goes to the queue of this name with {@code _dlq} added
 */
public record QueueNaming(String stepQueue, String resultQueue, String taskRequestQueue, String taskFinalizationQueue,
		String domainEventQueue) {

	private static final String PLACEHOLDER = "{namespace}";

	private static final String LONGEST_NAMESPACE = "n".repeat(Namespace.MAX_LENGTH);

	/**
	 * Check names.
	 * @param stepQueue the queue of steps that are ready
	 * @param resultQueue the queue of results of steps
	 * @param taskRequestQueue the queue of requests for tasks
	 * @param taskFinalizationQueue the queue of tasks to finalize
	 * @param domainEventQueue the queue of events of the application
	 * @throws IllegalArgumentException if a name has no place for a namespace and needs
	 * one, or would not be a valid name
	 */
	public QueueNaming {
		requireNamespace("step queue", stepQueue);
		requireNamespace("domain event queue", domainEventQueue);
		requireValid("step queue", resolve(stepQueue, LONGEST_NAMESPACE));
		requireValid("result queue", resolve(resultQueue, LONGEST_NAMESPACE));
		requireValid("task request queue", taskRequestQueue);
		requireValid("task finalization queue", taskFinalizationQueue);
		requireValid("domain event queue", deadLetterQueue(resolve(domainEventQueue, LONGEST_NAMESPACE)));
	}

	/**
	 * Return the names that go with workers: {@code worker_{namespace}_queue} for steps,
	 * one queue for all results.
	 * @return the names
	 */
	public static QueueNaming worker() {
		return new QueueNaming("worker_{namespace}_queue", "orchestration_step_results", "orchestration_task_requests",
				"orchestration_task_finalizations", "{namespace}_domain_events");
	}

	/**
	 * Return the names that go with dispatchers: {@code tasker_dispatch_{namespace}} for
	 * steps, {@code tasker_completion_{namespace}} for their results, the others as in
	 * {@link #worker}.
	 * @return the names
	 */
	public static QueueNaming dispatch() {
		QueueNaming worker = worker();
		return new QueueNaming("tasker_dispatch_{namespace}", "tasker_completion_{namespace}", worker.taskRequestQueue,
				worker.taskFinalizationQueue, worker.domainEventQueue);
	}

	static boolean hasNamespace(String pattern) {
		return pattern.contains(PLACEHOLDER);
	}

	static String resolve(String pattern, String namespace) {
		return pattern.replace(PLACEHOLDER, namespace);
	}

	static String deadLetterQueue(String queue) {
		return queue + "_dlq";
	}

	private static void requireNamespace(String queue, String pattern) {
		if (!hasNamespace(pattern)) {
			throw new IllegalArgumentException(
					"The name of the %s must contain %s, but is \"%s\"".formatted(queue, PLACEHOLDER, pattern));
		}
	}

	private static void requireValid(String queue, String name) {
		try {
			new QueueName(name);
		}
		catch (InvalidQueueNameException ex) {
			throw new IllegalArgumentException("The name of the %s: %s".formatted(queue, ex.getMessage()), ex);
		}
	}

}
