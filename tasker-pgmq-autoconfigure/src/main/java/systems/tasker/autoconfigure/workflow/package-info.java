/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of workflows in the Tasker database.
 */
@NullMarked
package systems.tasker.autoconfigure.workflow;

import org.jspecify.annotations.NullMarked;
