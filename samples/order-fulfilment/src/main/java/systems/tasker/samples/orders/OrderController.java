/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.net.URI;
import java.util.UUID;

import jakarta.validation.Valid;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * The HTTP side of the service.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private final OrderService orders;

	OrderController(OrderService orders) {
		this.orders = orders;
	}

	@PostMapping
	ResponseEntity<Receipt> receive(@Valid @RequestBody NewOrder newOrder) {
		UUID id = this.orders.receive(newOrder);
		URI location = ServletUriComponentsBuilder.fromCurrentRequest().pathSegment(id.toString()).build().toUri();
		return ResponseEntity.created(location).body(new Receipt(id, Order.State.RECEIVED));
	}

	@GetMapping("/{id}")
	Order find(@PathVariable UUID id) {
		return this.orders.find(id);
	}

	/**
	 * The answer to a new order.
	 *
	 * @param id the id of the order
	 * @param state its state, which a worker may have changed meanwhile
	 */
	record Receipt(UUID id, Order.State state) {

	}

}
