/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which address is wrong and what a right one looks like.
 */
class InvalidDatabaseUrlFailureAnalyzer extends AbstractFailureAnalyzer<InvalidDatabaseUrlException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidDatabaseUrlException cause) {
		String variable = cause.property().startsWith("tasker.pgmq") ? "PGMQ_DATABASE_URL" : "DATABASE_URL";
		return new FailureAnalysis(cause.getMessage(),
				"Set %s, or the environment variable %s, to an address such as postgresql://user:password@host:5432/database"
					.formatted(cause.property(), variable),
				cause);
	}

}
