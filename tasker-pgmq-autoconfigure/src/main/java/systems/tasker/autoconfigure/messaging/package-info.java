/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of messaging.
 */
@NullMarked
package systems.tasker.autoconfigure.messaging;

import org.jspecify.annotations.NullMarked;
