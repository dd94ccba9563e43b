/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of the circuit breakers.
 */
@NullMarked
package systems.tasker.autoconfigure.resilience;

import org.jspecify.annotations.NullMarked;
