/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of the metrics of messages, queues and connection pools.
 */
@NullMarked
package systems.tasker.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
