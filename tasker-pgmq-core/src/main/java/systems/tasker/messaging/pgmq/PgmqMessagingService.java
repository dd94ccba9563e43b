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

import systems.tasker.messaging.HealthReport;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueHealthReport;
import systems.tasker.messaging.QueueStats;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.ReceiptHandle;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.observation.MessageObservations;
import systems.tasker.messaging.observation.MessageOperation;
import systems.tasker.messaging.support.MessageCodec;
import systems.tasker.messaging.support.MessagingArguments;

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
public final class PgmqMessagingService implements MessagingService, AutoCloseable {

	private static final String PROVIDER = "pgmq";

	private final PgmqDatabase database;

	private final QueueCatalog catalog;

	private final MessageSender sender;

	private final MessageAnnouncer announcer;

	private final MessageReceiver receiver;

	private final MessageSettler settler;

	private final MessageObservations observations;

	/**
	 * Create a service that nothing stands before, nobody observes and that notifies
	 * nobody.
	 * @param pgmq the database with PGMQ and the functions of {@code tasker_pgmq}
	 * @param serializer encodes and decodes payloads and headers
	 * @param maxMessageBytes the largest encoded payload to send, in bytes
	 * @throws IllegalArgumentException if something is {@code null} or the size below 1
	 */
	public PgmqMessagingService(DataSource pgmq, MessageSerializer serializer, long maxMessageBytes) {
		this(pgmq, new PgmqMessagingSettings(serializer, maxMessageBytes));
	}

	/**
	 * Create a service.
	 * @param pgmq the database with PGMQ and the functions of {@code tasker_pgmq}; not
	 * guarded itself
	 * @param settings how the service works
	 * @throws IllegalArgumentException if one of both is {@code null}
	 */
	public PgmqMessagingService(DataSource pgmq, PgmqMessagingSettings settings) {
		this.database = new PgmqDatabase(pgmq, MessagingArguments.required("settings", settings).guard());
		this.catalog = new QueueCatalog(this.database);
		MessageCodec codec = new MessageCodec(settings.serializer(), settings.maxMessageBytes());
		this.announcer = new MessageAnnouncer(this.database, settings.notifyMode(), settings.notifyInterval());
		this.sender = new MessageSender(this.database, codec, this.announcer, settings.crossDatabaseSends());
		this.receiver = new MessageReceiver(this.database, codec, System::nanoTime);
		this.settler = new MessageSettler(this.database);
		this.observations = new MessageObservations(settings.observationRegistry(), PROVIDER);
	}

	@Override
	public void ensureQueues(Collection<String> queues) {
		this.catalog.ensure(
				MessagingArguments.distinct("queues", queues).stream().map(MessagingArguments::queue).toList(), false);
	}

	@Override
	public QueueHealthReport verifyQueues(Collection<String> queues) {
		return this.catalog.verify(MessagingArguments.distinct("queues", queues));
	}

	@Override
	public MessageId sendMessage(String queue, Object payload, SendOptions options) {
		return this.observations.send(named(queue), 1, MessagingArguments.required("options", options),
				(sent) -> this.sender.send(MessagingArguments.queue(queue), payload, sent));
	}

	@Override
	public List<MessageId> sendBatch(String queue, List<?> payloads, SendOptions options) {
		MessagingArguments.required("payloads", payloads);
		return this.observations.send(named(queue), payloads.size(), MessagingArguments.required("options", options),
				(sent) -> this.sender.sendBatch(MessagingArguments.queue(queue), payloads, sent));
	}

	@Override
	public <T> List<QueuedMessage<T>> receiveMessages(String queue, Class<T> type, int max,
			Duration visibilityTimeout) {
		return this.observations.call(MessageOperation.RECEIVE, named(queue), 1,
				() -> this.receiver.receive(MessagingArguments.queue(queue), MessagingArguments.required("type", type),
						MessagingArguments.max(max),
						MessagingArguments.wholeSeconds("visibilityTimeout", visibilityTimeout)),
				List::size);
	}

	@Override
	public <T> Optional<QueuedMessage<T>> receiveMessage(String queue, Class<T> type, MessageId id,
			Duration visibilityTimeout) {
		return this.observations.call(MessageOperation.RECEIVE, named(queue), 1,
				() -> this.receiver.receive(MessagingArguments.queue(queue), MessagingArguments.required("type", type),
						MessagingArguments.required("id", id),
						MessagingArguments.wholeSeconds("visibilityTimeout", visibilityTimeout)),
				(message) -> message.isPresent() ? 1 : 0);
	}

	@Override
	public void ackMessage(String queue, ReceiptHandle handle) {
		this.observations.call(MessageOperation.ACK, named(queue), () -> this.settler
			.delete(MessagingArguments.queue(queue), MessagingArguments.required("handle", handle)));
	}

	@Override
	public List<ReceiptHandle> ackMessages(String queue, Collection<ReceiptHandle> handles) {
		List<ReceiptHandle> distinct = MessagingArguments.distinct("handles", handles);
		return this.observations.call(MessageOperation.ACK, named(queue), distinct.size(),
				() -> this.settler.delete(MessagingArguments.queue(queue), distinct),
				(notFound) -> distinct.size() - notFound.size());
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, boolean requeue) {
		this.observations.call(requeue ? MessageOperation.NACK : MessageOperation.ARCHIVE, named(queue), () -> {
			String name = MessagingArguments.queue(queue);
			MessagingArguments.required("handle", handle);
			// To requeue there is nothing to do: the visibility timeout does it.
			if (!requeue) {
				this.settler.archive(name, handle);
			}
		});
	}

	@Override
	public void nackMessage(String queue, ReceiptHandle handle, Duration delay) {
		this.observations.call(MessageOperation.NACK, named(queue),
				() -> this.settler.hide(MessagingArguments.queue(queue), MessagingArguments.required("handle", handle),
						MessagingArguments.wholeSeconds("delay", delay)));
	}

	@Override
	public void extendVisibility(String queue, ReceiptHandle handle, Duration duration) {
		this.observations.call(MessageOperation.EXTEND, named(queue),
				() -> this.settler.hide(MessagingArguments.queue(queue), MessagingArguments.required("handle", handle),
						MessagingArguments.wholeSeconds("duration", duration)));
	}

	@Override
	public List<ReceiptHandle> extendVisibility(String queue, Collection<ReceiptHandle> handles, Duration duration) {
		List<ReceiptHandle> distinct = MessagingArguments.distinct("handles", handles);
		return this.observations.call(MessageOperation.EXTEND, named(queue), distinct.size(),
				() -> this.settler.hide(MessagingArguments.queue(queue), distinct,
						MessagingArguments.wholeSeconds("duration", duration)),
				(notFound) -> distinct.size() - notFound.size());
	}

	@Override
	public QueueStats queueStats(String queue) {
		return this.catalog.stats(MessagingArguments.queue(queue));
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
		return PROVIDER;
	}

	/**
	 * Announce what was sent and is not announced yet, for two seconds at most, and stop
	 * announcing. The DataSource stays open. Messages can still be sent.
	 */
	@Override
	public void close() {
		this.announcer.close();
	}

	// Calls with an invalid name are observed, those without any name are not.
	private static String named(String queue) {
		return MessagingArguments.required("queue", queue);
	}

}
