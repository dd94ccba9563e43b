/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * What makes two tasks of a template the same task, when the caller gives no idempotency
 * key.
 */
public enum IdentityStrategy {

	/** The same context. */
	STRICT,

	/** The idempotency key alone, which is required. */
	CALLER_PROVIDED,

	/** Nothing: each task is another one. */
	ALWAYS_UNIQUE;

	String sqlName() {
		return SqlNames.of(this);
	}

	static IdentityStrategy of(String sqlName) {
		return SqlNames.parse(IdentityStrategy.class, sqlName);
	}

}
