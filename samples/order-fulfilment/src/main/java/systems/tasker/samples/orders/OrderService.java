/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.DatabasePools;
import systems.tasker.database.TaskerDataSource;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;

/**
 * Takes orders and fulfils them.
 */
@Service
class OrderService {

	private static final Logger logger = LoggerFactory.getLogger(OrderService.class);

	private final OrderRepository orders;

	private final MessagingService messagingService;

	private final DatabasePools pools;

	private final TransactionTemplate transaction;

	OrderService(OrderRepository orders, MessagingService messagingService, DatabasePools pools,
			@TaskerDataSource PlatformTransactionManager transactionManager) {
		this.orders = orders;
		this.messagingService = messagingService;
		this.pools = pools;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	/**
	 * Store an order and ask the workers to fulfil it. Where orders and queues share a
	 * database, both happen or neither. Where they do not, the message follows the
	 * commit, and an order that stays without one is left to {@link OrderSweep}.
	 * @param newOrder a valid order
	 * @return the id of the order
	 */
	UUID receive(NewOrder newOrder) {
		if (!this.pools.isPgmqSeparate()) {
			return this.transaction.execute((status) -> {
				UUID id = this.orders.insert(newOrder);
				enqueue(id);
				return id;
			});
		}
		// Not in an after-commit callback: that still holds the connection, and while the
		// queues are down orders would wait for each other.
		UUID id = this.transaction.execute((status) -> this.orders.insert(newOrder));
		try {
			enqueue(id);
		}
		catch (MessagingException | DataAccessException | TransactionException ex) {
			logger.warn("Order {} is stored, but its message could not be sent; the sweep will send it: {}", id,
					ex.getMessage());
		}
		return id;
	}

	/**
	 * Send the message of an order, and note that it was sent. In two databases the
	 * process may end between the two: a message can be sent twice, but not forgotten.
	 * @param id the id of the order
	 */
	void enqueue(UUID id) {
		if (this.pools.isPgmqSeparate()) {
			send(id);
			this.transaction.executeWithoutResult((status) -> this.orders.markEnqueued(id));
			return;
		}
		this.transaction.executeWithoutResult((status) -> {
			send(id);
			this.orders.markEnqueued(id);
		});
	}

	private void send(UUID id) {
		this.messagingService.sendMessage(FulfilOrder.QUEUE, new FulfilOrder(id));
	}

	/**
	 * Fulfil an order. A real service would pick, pack and ship here; ours only says so.
	 * @param id the id of the order
	 * @return {@code false} if there was nothing left to do, as when a message came twice
	 * @throws UnknownOrderException if there is no such order
	 */
	boolean fulfil(UUID id) {
		return this.transaction.execute((status) -> this.orders.complete(id));
	}

	/**
	 * Find an order.
	 * @param id the id of the order
	 * @return the order
	 * @throws UnknownOrderException if there is no such order
	 */
	Order find(UUID id) {
		return this.orders.find(id).orElseThrow(() -> new UnknownOrderException(id));
	}

}
