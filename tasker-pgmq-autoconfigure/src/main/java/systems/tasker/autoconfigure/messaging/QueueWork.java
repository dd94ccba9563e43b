/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.function.Consumer;

import systems.tasker.autoconfigure.database.BackgroundWork;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.pgmq.PgmqQueues;

/**
 * What to do with the queues in the background.
 *
 * @param name the name
 * @param needed whether there is anything to do
 * @param once does it once
 * @param missed called when that was refused or failed
 */
record QueueWork(String name, boolean needed, Consumer<PgmqQueues> once, Runnable missed) {

	BackgroundWork.Work guardedBy(DatabaseGuard guard) {
		return new BackgroundWork.Work("pgmq", this.name, this.needed,
				(dataSource) -> this.once.accept(new PgmqQueues(dataSource, guard)), this.missed);
	}

}
