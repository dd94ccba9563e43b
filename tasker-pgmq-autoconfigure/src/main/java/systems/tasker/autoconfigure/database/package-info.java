/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of the Tasker database and the PGMQ database.
 */
@NullMarked
package systems.tasker.autoconfigure.database;

import org.jspecify.annotations.NullMarked;
