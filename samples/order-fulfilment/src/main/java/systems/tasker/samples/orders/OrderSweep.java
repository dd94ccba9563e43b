/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import systems.tasker.database.DatabaseAvailability;
import systems.tasker.messaging.MessagingException;

/**
 * Sends the messages that could not be sent when their orders came in, so that an outage
 * of the queues delays orders and loses none.
 */
@Component
class OrderSweep {

	private static final Logger logger = LoggerFactory.getLogger(OrderSweep.class);

	private static final int BATCH = 100;

	private final OrderRepository orders;

	private final OrderService service;

	private final Duration age;

	OrderSweep(OrderRepository orders, OrderService service, @Value("${orders.sweep.age}") Duration age) {
		this.orders = orders;
		this.service = service;
		this.age = age;
	}

	@Scheduled(initialDelayString = "${orders.sweep.interval}", fixedDelayString = "${orders.sweep.interval}")
	void sendMissingMessages() {
		try {
			List<UUID> waiting = this.orders.findNotEnqueued(this.age, BATCH);
			long sent = waiting.stream().filter(this::send).count();
			if (sent > 0) {
				logger.info("Sent {} messages that had been missing", sent);
			}
		}
		catch (MessagingException | DataAccessException | TransactionException ex) {
			logger.warn("Orders wait for their messages, which cannot be sent yet: {}", ex.getMessage());
		}
	}

	private boolean send(UUID id) {
		try {
			this.service.enqueue(id);
			return true;
		}
		catch (RuntimeException ex) {
			if (isOutage(ex)) {
				// Ends this round: the next message would fail as well.
				throw ex;
			}
			logger.warn("Order {} still waits for its message, which cannot be sent", id, ex);
			return false;
		}
	}

	private static boolean isOutage(RuntimeException ex) {
		return (ex instanceof MessagingException failure && failure.isRetryable()) || DatabaseAvailability.isOutage(ex);
	}

}
