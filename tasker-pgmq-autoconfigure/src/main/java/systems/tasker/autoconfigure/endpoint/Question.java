/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.endpoint.DatabaseDescriptor.Unreadable;

/**
 * A question to a database that is answered in any case, with what went wrong if need be.
 */
final class Question {

	/** For all questions of one report. */
	static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final BoundedProbe<Object> probe;

	Question(String name, Callable<Object> question) {
		this.probe = new BoundedProbe<>(name, question, TIMEOUT);
	}

	static void begin(@Nullable Question question) {
		if (question != null) {
			question.probe.begin();
		}
	}

	static @Nullable Object answer(@Nullable Question question, Supplier<Duration> remaining) {
		return (question != null) ? question.answer(remaining.get()) : null;
	}

	private Object answer(Duration remaining) {
		try {
			return this.probe.ask(remaining);
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
