/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of the two Flyway runs.
 */
@NullMarked
package systems.tasker.autoconfigure.migration;

import org.jspecify.annotations.NullMarked;
