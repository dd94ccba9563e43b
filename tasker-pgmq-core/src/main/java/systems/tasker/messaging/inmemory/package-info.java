/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Messaging in the memory of one JVM, for tests and demos.
 */
@NullMarked
package systems.tasker.messaging.inmemory;

import org.jspecify.annotations.NullMarked;
