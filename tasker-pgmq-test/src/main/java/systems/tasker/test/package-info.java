/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Test support: real PostgreSQL servers with the genuine PGMQ extension, without Docker.
 */
@NullMarked
package systems.tasker.test;

import org.jspecify.annotations.NullMarked;
