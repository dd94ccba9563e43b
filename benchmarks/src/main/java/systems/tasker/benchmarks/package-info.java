/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Measurements of the Tasker database and of messaging, as ratios within one run.
 */
@NullMarked
package systems.tasker.benchmarks;

import org.jspecify.annotations.NullMarked;
