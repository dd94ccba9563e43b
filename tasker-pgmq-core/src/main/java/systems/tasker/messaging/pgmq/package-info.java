/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Messaging over PGMQ, the PostgreSQL message queue.
 */
@NullMarked
package systems.tasker.messaging.pgmq;

import org.jspecify.annotations.NullMarked;
