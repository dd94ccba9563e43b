/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Sends and receives messages over named queues, whatever carries them.
 * <p>
 * All methods block, may be called from any number of threads and fit virtual threads. A
 * queue name follows the rule of {@link QueueName}. Each method that takes one throws
 * {@link InvalidQueueNameException} for a name that breaks it; each method throws
 * {@link QueueNotFoundException} when the queue does not exist and
 * {@link MessagingUnavailableException} when the broker cannot be reached, unless it says
 * otherwise. Durations are rounded up to whole seconds.
 * <p>
 * Arguments are checked before anything is done. {@code null} is refused with an
 * {@link IllegalArgumentException} that names the argument, but as a payload, or in place
 * of one in a batch, with a {@link MessageSerializationException}. A call with nothing to
 * do does not look for the queue.
 */
public interface MessagingService {

	/**
	 * Create a queue unless it exists. Safe when many instances start at once.
	 * @param queue the name of the queue
	 */
	default void ensureQueue(String queue) {
		ensureQueues(Collections.singletonList(queue));
	}

	/**
	 * Create each of the queues that does not exist. Safe when many instances start at
	 * once. No queue is created when one of the names is invalid.
	 * @param queues the names of the queues, which may repeat
	 */
	void ensureQueues(Collection<String> queues);

	/**
	 * Look which queues exist. What is wrong with one queue, or with its name, is
	 * reported and never thrown.
	 * @param queues the names of the queues, which may repeat
	 * @return the queues by the state they are in
	 */
	QueueHealthReport verifyQueues(Collection<String> queues);

	/**
	 * Send a message that is visible at once and has no headers.
	 * @param queue the name of the queue
	 * @param payload the payload, encoded by the {@link MessageSerializer}
	 * @return the id of the message
	 * @throws MessageSerializationException if the payload cannot be encoded
	 * @throws MessageTooLargeException if the encoded payload is above the limit
	 */
	default MessageId sendMessage(String queue, Object payload) {
		return sendMessage(queue, payload, SendOptions.none());
	}

	/**
	 * Send a message. A transaction of the caller on the database that holds the queue is
	 * joined.
	 * @param queue the name of the queue
	 * @param payload the payload, encoded by the {@link MessageSerializer}
	 * @param options delay and headers
	 * @return the id of the message
	 * @throws MessageSerializationException if payload or headers cannot be encoded
	 * @throws MessageTooLargeException if the encoded payload is above the limit
	 */
	MessageId sendMessage(String queue, Object payload, SendOptions options);

	/**
	 * Send messages that are visible at once and have no headers, all or none.
	 * @param queue the name of the queue
	 * @param payloads the payloads, encoded by the {@link MessageSerializer}
	 * @return the ids of the messages in the order of the payloads
	 * @throws MessageSerializationException if a payload cannot be encoded
	 * @throws MessageTooLargeException if an encoded payload is above the limit
	 */
	default List<MessageId> sendBatch(String queue, List<?> payloads) {
		return sendBatch(queue, payloads, SendOptions.none());
	}

	/**
	 * Send messages with the same options, all or none. A transaction of the caller on
	 * the database that holds the queue is joined. An empty list sends nothing.
	 * @param queue the name of the queue
	 * @param payloads the payloads, encoded by the {@link MessageSerializer}
	 * @param options delay and headers of each message
	 * @return the ids of the messages in the order of the payloads
	 * @throws MessageSerializationException if a payload or the headers cannot be encoded
	 * @throws MessageTooLargeException if an encoded payload is above the limit
	 */
	List<MessageId> sendBatch(String queue, List<?> payloads, SendOptions options);

	/**
	 * Claim visible messages and hide them for a while. Returns at once, also when there
	 * are none, and never joins a transaction of the caller: the claim is committed on
	 * return.
	 * <p>
	 * When more than {@code max} messages are visible, those are claimed first that have
	 * been for longest: a delayed message takes its turn when it becomes visible, behind
	 * messages that were sent after it and were visible before. Which of messages that
	 * became visible at the same time are first is open. What is claimed is returned in
	 * the order of the ids.
	 * <p>
	 * A message that cannot be decoded is delivered all the same; its
	 * {@link QueuedMessage#payload()} throws.
	 * @param <T> the type of the payloads
	 * @param queue the name of the queue
	 * @param type the type of the payloads
	 * @param max the largest number of messages to claim, 1 to 10,000
	 * @param visibilityTimeout how long the messages stay hidden, zero or more
	 * @return the messages in the order of their ids
	 * @throws IllegalArgumentException if {@code max} or {@code visibilityTimeout} is out
	 * of range
	 */
	<T> List<QueuedMessage<T>> receiveMessages(String queue, Class<T> type, int max, Duration visibilityTimeout);

	/**
	 * Claim one message by its id and hide it for a while. Of many concurrent callers
	 * exactly one gets it. Never joins a transaction of the caller.
	 * @param <T> the type of the payload
	 * @param queue the name of the queue
	 * @param type the type of the payload
	 * @param id the id of the message
	 * @param visibilityTimeout how long the message stays hidden, zero or more
	 * @return the message, or nothing when it is gone, hidden or claimed by another
	 * @throws IllegalArgumentException if {@code visibilityTimeout} is out of range
	 */
	<T> Optional<QueuedMessage<T>> receiveMessage(String queue, Class<T> type, MessageId id,
			Duration visibilityTimeout);

	/**
	 * Delete a message.
	 * @param queue the name of the queue
	 * @param handle the handle the message was received with
	 * @throws MessageNotFoundException if the message is unknown or settled already
	 */
	void ackMessage(String queue, ReceiptHandle handle);

	/**
	 * Delete messages. An empty collection deletes nothing; a handle given twice counts
	 * once.
	 * @param queue the name of the queue
	 * @param handles the handles the messages were received with
	 * @return the handles of messages that are unknown or settled already, in the order
	 * given
	 */
	List<ReceiptHandle> ackMessages(String queue, Collection<ReceiptHandle> handles);

	/**
	 * Give a message back or put it aside.
	 * @param queue the name of the queue
	 * @param handle the handle the message was received with
	 * @param requeue {@code true} to let the message come back when its visibility
	 * timeout ends, for which nothing is done, {@code false} to move it to the archive of
	 * the queue
	 * @throws MessageNotFoundException if the message is to be archived and is unknown or
	 * settled already
	 */
	void nackMessage(String queue, ReceiptHandle handle, boolean requeue);

	/**
	 * Give a message back after a delay.
	 * @param queue the name of the queue
	 * @param handle the handle the message was received with
	 * @param delay how long the message stays hidden from now on; zero for not at all
	 * @throws MessageNotFoundException if the message is unknown or settled already
	 * @throws IllegalArgumentException if the delay is out of range
	 */
	void nackMessage(String queue, ReceiptHandle handle, Duration delay);

	/**
	 * Keep a message hidden. It becomes visible at the time of the broker plus the
	 * duration, whatever its visibility timeout was.
	 * @param queue the name of the queue
	 * @param handle the handle the message was received with
	 * @param duration how long the message stays hidden from now on, zero or more
	 * @throws MessageNotFoundException if the message is unknown or settled already
	 * @throws IllegalArgumentException if the duration is out of range
	 */
	void extendVisibility(String queue, ReceiptHandle handle, Duration duration);

	/**
	 * Keep messages hidden, each as
	 * {@link #extendVisibility(String, ReceiptHandle, Duration)} does. An empty
	 * collection hides nothing; a handle given twice counts once.
	 * @param queue the name of the queue
	 * @param handles the handles the messages were received with
	 * @param duration how long the messages stay hidden from now on, zero or more
	 * @return the handles of messages that are unknown or settled already, in the order
	 * given
	 * @throws IllegalArgumentException if the duration is out of range
	 */
	List<ReceiptHandle> extendVisibility(String queue, Collection<ReceiptHandle> handles, Duration duration);

	/**
	 * Count the messages of a queue. PGMQ is counted exactly up to 10,000 messages, so
	 * that the cost does not grow with the queue; the figures of a longer one are
	 * estimates, see {@link QueueStats}.
	 * @param queue the name of the queue
	 * @return the figures, those that are unknown being empty
	 */
	QueueStats queueStats(String queue);

	/**
	 * Ask the broker for a sign of life. Never throws.
	 * @return whether it answered and how long that took
	 */
	HealthReport healthCheck();

	/**
	 * Return the name of the provider, such as {@code pgmq}.
	 * @return the name
	 */
	String providerName();

	/**
	 * A service for an application whose messaging is switched off: it can be injected,
	 * and each call that needs a queue throws {@link MessagingDisabledException}.
	 * @param reason why messaging is switched off, a sentence without full stop
	 * @return the service
	 */
	static MessagingService disabled(String reason) {
		return new DisabledMessagingService(reason);
	}

}
