/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Sending and receiving messages, whatever carries them.
 */
@NullMarked
package systems.tasker.messaging;

import org.jspecify.annotations.NullMarked;
