/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

/**
 * What some of the supported versions of PGMQ have and others lack. Messaging works
 * without any of it; it matters to those who call PGMQ themselves.
 */
public enum PgmqFeature {

	/** {@code pop} of several messages at once, since 1.7.0. */
	POP_QUANTITY,

	/** Notifications of inserts, {@code enable_notify_insert}, since 1.7.0. */
	NOTIFY_INSERT,

	/** Those notifications at most once in some time, since 1.8.0. */
	NOTIFY_INSERT_THROTTLE,

	/** {@code set_vt} for an array of messages, since 1.8.0. */
	SET_VT_ARRAY,

	/** {@code read_grouped}, in order within each group, since 1.9.0. */
	READ_GROUPED,

	/** The time of the last read of each message, since 1.10.0. */
	LAST_READ_AT,

	/** Topics that queues are bound to, since 1.11.0. */
	TOPICS

}
