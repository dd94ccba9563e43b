/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Takes part in the workflows of the Tasker database: templates, tasks, steps and dead
 * letters, each by the functions and rules of that database.
 */
@NullMarked
package systems.tasker.workflow;

import org.jspecify.annotations.NullMarked;
