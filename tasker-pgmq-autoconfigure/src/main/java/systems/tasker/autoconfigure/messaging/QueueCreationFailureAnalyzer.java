/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessagingUnavailableException;

/**
 * Says why a queue could not be created at start.
 */
class QueueCreationFailureAnalyzer extends AbstractFailureAnalyzer<QueueCreationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, QueueCreationException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), action(cause.getCause()), cause);
	}

	private static String action(@Nullable Throwable cause) {
		if (cause instanceof InvalidQueueNameException) {
			return "Correct the name in tasker.messaging.queues";
		}
		if (cause instanceof MessagingUnavailableException) {
			return "Start the PGMQ database, or correct its address in tasker.pgmq-database.url (PGMQ_DATABASE_URL) "
					+ "or, in single mode, in tasker.database.url (DATABASE_URL)";
		}
		return "Install PGMQ and apply its migrations (set tasker.pgmq-database.migration to migrate), "
				+ "or grant the role the right to create queues";
	}

}
