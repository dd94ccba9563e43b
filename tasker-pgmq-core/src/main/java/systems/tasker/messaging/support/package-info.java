/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the providers of messaging have in common; of no use to applications.
 */
@NullMarked
package systems.tasker.messaging.support;

import org.jspecify.annotations.NullMarked;
