/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.Serial;

/**
 * The template has the strategy {@link IdentityStrategy#CALLER_PROVIDED}, and the caller
 * gave no idempotency key.
 */
public final class IdempotencyKeyRequiredException extends IllegalArgumentException {

	@Serial
	private static final long serialVersionUID = 1L;

	IdempotencyKeyRequiredException() {
		super("idempotencyKey is required: the identity strategy of the template is caller_provided");
	}

}
