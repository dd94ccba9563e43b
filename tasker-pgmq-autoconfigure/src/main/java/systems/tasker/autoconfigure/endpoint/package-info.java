/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Auto-configuration of actuator endpoints.
 */
@NullMarked
package systems.tasker.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
