/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders.demo;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.database.DatabasePools;

/**
 * Sends the bundled orders to the service as a customer would, waits until they are
 * fulfilled, and prints what happened.
 */
final class Demo {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

	private final Environment environment;

	private final JsonMapper jsonMapper;

	private final Account account;

	Demo(Environment environment, JsonMapper jsonMapper, DatabasePools pools) {
		this.environment = environment;
		this.jsonMapper = jsonMapper;
		this.account = new Account(System.out, pools);
	}

	@EventListener(ApplicationReadyEvent.class)
	void run() throws IOException {
		String address = "http://localhost:" + this.environment.getRequiredProperty("local.server.port")
				+ this.environment.getProperty("server.servlet.context-path", "");
		RestClient client = RestClient.create(address);
		this.account.printDatabases();
		List<Sent> sent = new ArrayList<>();
		for (Map<?, ?> order : readOrders()) {
			Received received = client.post().uri("/orders").body(order).retrieve().requiredBody(Received.class);
			sent.add(new Sent(received.id(), order, System.nanoTime()));
		}
		int fulfilled = 0;
		for (Sent order : sent) {
			String state = awaitEnd(client, order);
			this.account.printOrder(order, state);
			fulfilled += state.equals("FULFILLED") ? 1 : 0;
		}
		this.account.printResult(fulfilled, sent.size());
		this.account.printQueueTables();
		this.account.printWaysToLook(address, sent.get(0).id());
	}

	private List<Map<?, ?>> readOrders() throws IOException {
		try (InputStream orders = new ClassPathResource("orders.json").getInputStream()) {
			return List.of(this.jsonMapper.readValue(orders, Map[].class));
		}
	}

	private static String awaitEnd(RestClient client, Sent order) {
		while (true) {
			Received now = client.get().uri("/orders/{id}", order.id()).retrieve().requiredBody(Received.class);
			if (!now.state().equals("RECEIVED") || order.age().compareTo(TIMEOUT) >= 0) {
				return now.state();
			}
			LockSupport.parkNanos(POLL_INTERVAL.toNanos());
		}
	}

	/**
	 * What the service says of an order.
	 *
	 * @param id its id
	 * @param state its state
	 */
	record Received(String id, String state) {

	}

	/**
	 * An order the service has taken.
	 *
	 * @param id its id
	 * @param content what was ordered
	 * @param nanoTime when it was taken
	 */
	record Sent(String id, Map<?, ?> content, long nanoTime) {

		Duration age() {
			return Duration.ofNanos(System.nanoTime() - this.nanoTime);
		}

	}

}
