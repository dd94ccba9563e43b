/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the service does when it is started without a database: it brings one of its own,
 * and orders to fulfil.
 */
@NullMarked
package systems.tasker.samples.orders.demo;

import org.jspecify.annotations.NullMarked;
