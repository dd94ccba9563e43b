/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.io.Serial;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The PGMQ of a database cannot be used as it is. The message says why, and
 * {@link #cure()} what to run.
 */
public final class UnsupportedPgmqException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** More would hide what matters; they show after the first are cured. */
	private static final int SHOWN = 5;

	/** What makes it usable. */
	private final String cure;

	UnsupportedPgmqException(List<Problem> problems) {
		super(join(problems, Problem::description)
				+ ((problems.size() > SHOWN) ? "; and " + (problems.size() - SHOWN) + " more" : ""));
		this.cure = join(problems, Problem::cure);
	}

	private static String join(List<Problem> problems, Function<Problem, String> part) {
		return problems.stream().limit(SHOWN).map(part).collect(Collectors.joining("; "));
	}

	/**
	 * Return what makes PGMQ usable.
	 * @return what to run or to install, for people
	 */
	public String cure() {
		return this.cure;
	}

	/**
	 * One thing that is wrong.
	 *
	 * @param description what is wrong
	 * @param cure what to do about it
	 */
	record Problem(String description, String cure) {

	}

}
