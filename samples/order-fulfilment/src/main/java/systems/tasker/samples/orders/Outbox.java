/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.DatabasePools;
import systems.tasker.database.TaskerDataSource;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;

/**
 * Changes the Tasker database and sends the messages that follow from the change. Where
 * queues are in the same database, both happen or neither. Where they are not, the
 * messages follow the commit, and what cannot be sent then is left to the
 * {@link FulfilmentSweep}.
 */
@Component
class Outbox {

	private static final Logger logger = LoggerFactory.getLogger(Outbox.class);

	private final MessagingService messaging;

	private final DatabasePools pools;

	private final TransactionTemplate transaction;

	Outbox(MessagingService messaging, DatabasePools pools,
			@TaskerDataSource PlatformTransactionManager transactionManager) {
		this.messaging = messaging;
		this.pools = pools;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	/**
	 * Run a change in a transaction on the Tasker database, and send its messages.
	 * @param <T> the type of the result
	 * @param change the change, which adds messages
	 * @return what the change returned
	 */
	<T> T commitAndSend(Function<Messages, T> change) {
		Messages messages = new Messages();
		if (!this.pools.isPgmqSeparate()) {
			return this.transaction.execute((status) -> {
				T result = change.apply(messages);
				send(messages);
				return result;
			});
		}
		// Not in an after-commit callback: that still holds the connection, and while the
		// queues are down changes would wait for each other.
		T result = this.transaction.execute((status) -> change.apply(messages));
		try {
			send(messages);
		}
		catch (MessagingException | DataAccessException | TransactionException ex) {
			logger.warn("Stored, but not sent; the sweep will see to it: {}", ex.getMessage());
		}
		return result;
	}

	private void send(Messages messages) {
		messages.byQueue.forEach(this.messaging::sendBatch);
	}

	/**
	 * What is to be sent.
	 */
	static final class Messages {

		private final Map<String, List<Object>> byQueue = new LinkedHashMap<>();

		void add(String queue, Object message) {
			this.byQueue.computeIfAbsent(queue, (name) -> new ArrayList<>()).add(message);
		}

	}

}
