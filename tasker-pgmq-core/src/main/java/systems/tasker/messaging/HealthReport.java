/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The result of {@link MessagingService#healthCheck()}.
 *
 * @param healthy whether the broker answered
 * @param responseTime how long the answer, or the failure, took
 * @param detail why the broker is not healthy, {@code null} when it is
 */
public record HealthReport(boolean healthy, Duration responseTime, @Nullable String detail) {

}
