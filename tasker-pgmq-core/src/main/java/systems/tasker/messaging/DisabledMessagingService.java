/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stands in for messaging that is switched off.
 */
final class DisabledMessagingService implements MessagingService {

	private final String reason;

	DisabledMessagingService(String reason) {
		this.reason = reason;
	}

	@Override
	public void ensureQueues(Collection<String> queues) {
		throw disabled();
	}

	@Override
	public QueueHealthReport verifyQueues(Collection<String> queues) {
		throw disabled();
	}

	@Override
	public MessageId sendMessage(String queue, Object payload, SendOptions options) {
		throw disabled();
	}

	@Override
	public List<MessageId> sendBatch(String queue, List<?> payloads, SendOptions options) {
		throw disabled();
	}

	@Override
	public <T> List<QueuedMessage<T>> receiveMessages(String queue, Class<T> type, int max,
			Duration visibilityTimeout) {
		throw disabled();
	}

	@Override
	public <T> Optional<QueuedMessage<T>> receiveMessage(String queue, Class<T> type, MessageId id,
			Duration visibilityTimeout) {
		throw disabled();
	}

	@Override
	public void ackMessage(String queue, ReceiptHandle handle) {
		throw disabled();
	}

	@Override
	public List<ReceiptHandle> ackMessages(String queue, Collection<ReceiptHandle> handles) {
		throw disabled();
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, boolean requeue) {
		throw disabled();
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, Duration delay) {
		throw disabled();
	}

	@Override
	public void extendVisibility(String queue, ReceiptHandle handle, Duration duration) {
		throw disabled();
	}

	@Override
	public List<ReceiptHandle> extendVisibility(String queue, Collection<ReceiptHandle> handles, Duration duration) {
		throw disabled();
	}

	@Override
	public QueueStats queueStats(String queue) {
		throw disabled();
	}

	@Override
	public HealthReport healthCheck() {
		return new HealthReport(false, Duration.ZERO, disabled().getMessage());
	}

	@Override
	public String providerName() {
		return "disabled";
	}

	private MessagingDisabledException disabled() {
		return new MessagingDisabledException(this.reason);
	}

}
