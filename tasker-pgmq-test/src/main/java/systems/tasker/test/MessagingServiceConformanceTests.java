/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.util.List;

import org.junit.jupiter.api.Nested;
import org.opentest4j.TestAbortedException;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;

/**
 * The contract of {@link MessagingService} as tests: every provider passes them. To test
 * one of your own, extend this class and say how to make it: <pre class="code">
 * class CarrierPigeonConformanceTests extends MessagingServiceConformanceTests {
 *
 *     &#64;Override
 *     protected MessagingService createMessagingService() {
 *         return new CarrierPigeonMessagingService();
 *     }
 *
 * }
 * </pre> The tests need JUnit Jupiter, AssertJ and Awaitility on the class path. They
 * wait for real seconds to pass; with {@code junit.jupiter.execution.parallel.enabled}
 * they do so side by side.
 */
public abstract class MessagingServiceConformanceTests {

	/**
	 * Create a suite, as a subclass does.
	 */
	protected MessagingServiceConformanceTests() {
	}

	/**
	 * Return the service to test, for one test. It may be the same each time: every test
	 * has queues of its own, with new names that start with {@code conformance_}. Its
	 * largest payload is 100 KB or more, and less than 5 MB.
	 * @return the service
	 */
	protected abstract MessagingService createMessagingService();

	/**
	 * Look into the archive of a queue, for which {@link MessagingService} has no method.
	 * Without it the tests that need it are aborted.
	 * @param queue the name of the queue
	 * @return the messages in the archive
	 */
	protected List<QueuedMessage<Object>> archived(String queue) {
		throw new TestAbortedException("The archive cannot be looked into");
	}

	/**
	 * {@code ensureQueue} and {@code ensureQueues}.
	 */
	@Nested
	class EnsureQueues extends EnsureQueuesContract {

		EnsureQueues() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code verifyQueues}.
	 */
	@Nested
	class VerifyQueues extends VerifyQueuesContract {

		VerifyQueues() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code sendMessage}.
	 */
	@Nested
	class SendMessage extends SendMessageContract {

		SendMessage() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code sendBatch}.
	 */
	@Nested
	class SendBatch extends SendBatchContract {

		SendBatch() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code receiveMessages}.
	 */
	@Nested
	class ReceiveMessages extends ReceiveMessagesContract {

		ReceiveMessages() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code receiveMessage}.
	 */
	@Nested
	class ReceiveMessage extends ReceiveMessageContract {

		ReceiveMessage() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code ackMessage} and {@code ackMessages}.
	 */
	@Nested
	class AckMessage extends AckMessageContract {

		AckMessage() {
			super(createMessagingService());
		}

		@Override
		List<QueuedMessage<Object>> archived(String queue) {
			return MessagingServiceConformanceTests.this.archived(queue);
		}

	}

	/**
	 * {@code nackMessage}.
	 */
	@Nested
	class NackMessage extends NackMessageContract {

		NackMessage() {
			super(createMessagingService());
		}

		@Override
		List<QueuedMessage<Object>> archived(String queue) {
			return MessagingServiceConformanceTests.this.archived(queue);
		}

	}

	/**
	 * {@code extendVisibility}.
	 */
	@Nested
	class ExtendVisibility extends ExtendVisibilityContract {

		ExtendVisibility() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code queueStats}.
	 */
	@Nested
	class QueueStats extends QueueStatsContract {

		QueueStats() {
			super(createMessagingService());
		}

	}

	/**
	 * {@code healthCheck} and {@code providerName}.
	 */
	@Nested
	class HealthCheck extends HealthCheckContract {

		HealthCheck() {
			super(createMessagingService());
		}

	}

	/**
	 * Nulls, names and numbers that are refused.
	 */
	@Nested
	class BadArgument extends BadArgumentContract {

		BadArgument() {
			super(createMessagingService());
		}

	}

	/**
	 * Payloads, headers and handles that are refused.
	 */
	@Nested
	class BadMessage extends BadMessageContract {

		BadMessage() {
			super(createMessagingService());
		}

	}

}
