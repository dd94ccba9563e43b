/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;
import java.util.Optional;

/**
 * How old the oldest snapshot in the database of the queues is. While it is held, no row
 * that died since can be removed.
 *
 * @param transactions how many transactions have begun since it was taken, 0 when nobody
 * holds one
 * @param duration the longest time for which one is known to be held, zero when nobody
 * holds one. Those of replication slots have no time, and those of other roles hide it
 * from a role that is no member of {@code pg_read_all_stats}; nothing when there are only
 * such
 */
public record SnapshotAge(long transactions, Optional<Duration> duration) {

}
