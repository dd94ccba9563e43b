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
			// The first failure ends the loop: the next message would fail as well.
			waiting.forEach(this.service::enqueue);
			if (!waiting.isEmpty()) {
				logger.info("Sent {} messages that had been missing", waiting.size());
			}
		}
		catch (MessagingException | DataAccessException | TransactionException ex) {
			logger.warn("Orders wait for their messages, which cannot be sent yet: {}", ex.getMessage());
		}
	}

}
