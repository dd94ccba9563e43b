/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Observations of what happens to messages, for metrics and traces.
 */
@NullMarked
package systems.tasker.messaging.observation;

import org.jspecify.annotations.NullMarked;
