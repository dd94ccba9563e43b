/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The messages of Tasker, their queues, and a typed way to send and receive them.
 */
@NullMarked
package systems.tasker.messages;

import org.jspecify.annotations.NullMarked;
