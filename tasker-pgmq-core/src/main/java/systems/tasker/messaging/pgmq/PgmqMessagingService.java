/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.HealthReport;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueHealthReport;
import systems.tasker.messaging.QueueName;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;

/**
 * A {@link MessagingService} over PGMQ 1.5.1 or later.
 * <p>
 * Sends and everything that settles a message join a Spring transaction that is bound to
 * the DataSource, and else commit by themselves; all other methods use a connection and a
 * READ COMMITTED transaction of their own. A message that was received after a REPEATABLE
 * READ transaction began cannot be settled in it: that fails as a serialization failure,
 * which is retryable.
 * <p>
 * In SQL each parameter has a cast: PGMQ overloads its functions, and what the driver
 * takes for the type of a parameter is not always what PGMQ has.
 */
public final class PgmqMessagingService implements MessagingService {

	private static final int MAX_RECEIVE = 10_000;

	private final PgmqDatabase database;

	private final QueueCatalog catalog;

	private final MessageSender sender;

	private final MessageReceiver receiver;

	private final MessageSettler settler;

	/**
	 * Create a service.
	 * @param pgmq the database with PGMQ and the functions of {@code tasker_pgmq}
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 */
	public PgmqMessagingService(DataSource pgmq, MessageSerializer serializer, long maxMessageBytes) {
		this(pgmq, serializer, maxMessageBytes, DatabaseGuard.NONE);
	}

	/**
	 * Create a service whose every statement goes through a guard.
	 * @param pgmq the database with PGMQ and the functions of {@code tasker_pgmq}; not
	 * guarded itself
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 * @param guard stands before each statement, once
	 */
	public PgmqMessagingService(DataSource pgmq, MessageSerializer serializer, long maxMessageBytes,
			DatabaseGuard guard) {
		this.database = new PgmqDatabase(pgmq, guard);
		this.catalog = new QueueCatalog(this.database);
		this.sender = new MessageSender(this.database, new MessageEncoder(serializer, maxMessageBytes));
		this.receiver = new MessageReceiver(this.database, serializer);
		this.settler = new MessageSettler(this.database);
	}

	@Override
	public void ensureQueues(Collection<String> queues) {
		this.catalog.ensure(queues.stream().map(PgmqMessagingService::valid).toList());
	}

	@Override
	public QueueHealthReport verifyQueues(Collection<String> queues) {
		return this.catalog.verify(queues);
	}

	@Override
	public MessageId sendMessage(String queue, Object payload, SendOptions options) {
		return this.sender.send(valid(queue), payload, options);
	}

	@Override
	public List<MessageId> sendBatch(String queue, List<?> payloads, SendOptions options) {
		return this.sender.sendBatch(valid(queue), payloads, options);
	}

	@Override
	public <T> List<QueuedMessage<T>> receiveMessages(String queue, Class<T> type, int max,
			Duration visibilityTimeout) {
		if (max < 1 || max > MAX_RECEIVE) {
			throw new IllegalArgumentException("max must be between 1 and " + MAX_RECEIVE + ", but is " + max);
		}
		int seconds = WholeSeconds.roundUp("visibilityTimeout", visibilityTimeout);
		return this.receiver.receive(valid(queue), type, max, seconds);
	}

	@Override
	public <T> Optional<QueuedMessage<T>> receiveMessage(String queue, Class<T> type, MessageId id,
			Duration visibilityTimeout) {
		int seconds = WholeSeconds.roundUp("visibilityTimeout", visibilityTimeout);
		return this.receiver.receive(valid(queue), type, id, seconds);
	}

	@Override
	public void ackMessage(String queue, ReceiptHandle handle) {
		this.settler.delete(valid(queue), handle);
	}

	@Override
	public List<ReceiptHandle> ackMessages(String queue, Collection<ReceiptHandle> handles) {
		return this.settler.delete(valid(queue), handles);
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, boolean requeue) {
		String name = valid(queue);
		// To requeue there is nothing to do: the visibility timeout does it.
		if (!requeue) {
			this.settler.archive(name, handle);
		}
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, Duration delay) {
		this.settler.hide(valid(queue), handle, WholeSeconds.roundUp("delay", delay));
	}

	@Override
	public void extendVisibility(String queue, ReceiptHandle handle, Duration duration) {
		this.settler.hide(valid(queue), handle, WholeSeconds.roundUp("duration", duration));
	}

	@Override
	public QueueStats queueStats(String queue) {
		return this.catalog.stats(valid(queue));
	}

	@Override
	public HealthReport healthCheck() {
		long start = System.nanoTime();
		String detail = null;
		try {
			this.database.ping();
		}
		catch (RuntimeException ex) {
			detail = String.valueOf(ex.getMessage());
		}
		return new HealthReport(detail == null, Duration.ofNanos(System.nanoTime() - start), detail);
	}

	@Override
	public String providerName() {
		return "pgmq";
	}

	private static String valid(String queue) {
		return new QueueName(queue).value();
	}

}
