/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import org.springframework.core.NestedExceptionUtils;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.endpoint.DatabaseDescriptor.Unreadable;

/**
 * A question to a database that is answered in any case, with what went wrong if need be.
 */
final class Question {

	private final BoundedProbe<Object> probe;

	Question(BoundedProbe<Object> probe) {
		this.probe = probe;
	}

	Object answer() {
		try {
			return this.probe.ask();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new Unreadable("interrupted");
		}
		catch (Exception ex) {
			return new Unreadable(reason(ex));
		}
	}

	// One line, and without the paragraphs that Flyway adds about itself.
	private static String reason(Exception ex) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
		String message = (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
		return message.split("\n\n", 2)[0].replaceAll("\\s+", " ");
	}

}
