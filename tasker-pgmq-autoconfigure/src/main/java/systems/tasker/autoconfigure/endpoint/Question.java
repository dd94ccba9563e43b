/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.database.FailureText;
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
			return new Unreadable(FailureText.of(ex).replaceAll("\\s+", " "));
		}
	}

}
