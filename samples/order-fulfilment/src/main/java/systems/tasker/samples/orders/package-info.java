/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A service that takes orders and fulfils each in four steps.
 */
@NullMarked
package systems.tasker.samples.orders;

import org.jspecify.annotations.NullMarked;
