/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The Tasker database and the PGMQ database: addresses, pools and migrations.
 */
@NullMarked
package systems.tasker.database;

import org.jspecify.annotations.NullMarked;
