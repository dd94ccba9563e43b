/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of health contributors.
 */
@NullMarked
package systems.tasker.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
