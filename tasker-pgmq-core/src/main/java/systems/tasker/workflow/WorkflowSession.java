/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What every part of {@link TaskerDatabase} works with.
 *
 * @param jdbc runs statements, in the transaction of the caller if there is one
 * @param transactions keeps statements together
 * @param json encodes and decodes {@code jsonb}
 */
record WorkflowSession(JdbcClient jdbc, TaskerTransactions transactions, Json json) {

}
