/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.Map;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A customer of a running service.
 */
final class OrdersClient {

	static final String ORDER = """
			{"customer":"c1","sku":"book","quantity":2}""";

	private static final ParameterizedTypeReference<Map<String, Object>> OBJECT = new ParameterizedTypeReference<>() {
	};

	private final RestTestClient client;

	OrdersClient(int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
	}

	RestTestClient.ResponseSpec post(String order) {
		return this.client.post().uri("/orders").contentType(MediaType.APPLICATION_JSON).body(order).exchange();
	}

	RestTestClient.ResponseSpec get(String uri) {
		return this.client.get().uri(uri).exchange();
	}

	RestTestClient.ResponseSpec post(String order, String idempotencyKey) {
		return this.client.post()
			.uri("/orders")
			.header("Idempotency-Key", idempotencyKey)
			.contentType(MediaType.APPLICATION_JSON)
			.body(order)
			.exchange();
	}

	String receive() {
		return receive(ORDER);
	}

	String receive(String order) {
		return (String) body(post(order).expectStatus().isCreated()).get("id");
	}

	static Map<String, Object> body(RestTestClient.ResponseSpec response) {
		return response.expectBody(OBJECT).returnResult().getResponseBody();
	}

	Map<String, Object> find(String id) {
		return get("/orders/" + id).expectStatus().isOk().expectBody(OBJECT).returnResult().getResponseBody();
	}

	void awaitFulfilment(String id) {
		awaitState(id, "FULFILLED");
	}

	void awaitState(String id, String state) {
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(find(id)).containsEntry("state", state));
	}

	Map<String, Object> health() {
		return get("/actuator/health").expectStatus().isOk().expectBody(OBJECT).returnResult().getResponseBody();
	}

}
