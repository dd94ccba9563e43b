/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.net.URI;
import java.util.UUID;

import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
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
	ResponseEntity<Order> receive(@Valid @RequestBody NewOrder newOrder,
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey) {
		if (idempotencyKey != null && idempotencyKey.isBlank()) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "Idempotency-Key must not be blank");
		}
		OrderService.Receipt receipt = this.orders.receive(newOrder, idempotencyKey);
		URI location = ServletUriComponentsBuilder.fromCurrentRequest()
			.pathSegment(receipt.order().id().toString())
			.build()
			.toUri();
		return ResponseEntity.status(receipt.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
			.location(location)
			.body(receipt.order());
	}

	@GetMapping("/{id}")
	Order find(@PathVariable UUID id) {
		return this.orders.find(id);
	}

}
