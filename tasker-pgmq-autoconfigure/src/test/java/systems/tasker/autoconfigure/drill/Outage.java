/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import systems.tasker.autoconfigure.drill.SplitApplication.Half;

/**
 * What a drill does to one half of an application.
 */
interface Outage {

	/**
	 * Make the half unavailable.
	 * @throws Exception if that does not succeed, which fails the drill
	 */
	void begin() throws Exception;

	/**
	 * Undo what {@link #begin()} did, and nothing else: the application has to notice by
	 * itself.
	 * @throws Exception if that does not succeed, which fails the drill
	 */
	void end() throws Exception;

	/**
	 * Return whether the half stays unavailable until {@link #end()}.
	 * @return {@code false} if it may recover at once
	 */
	default boolean lasts() {
		return true;
	}

	/**
	 * Return whether the outage has shown all it has to show, so that it can end.
	 * @param application the application
	 * @param half the half that is out
	 * @return by default whether the circuit breaker is open and health says so
	 */
	default boolean isComplete(SplitApplication application, Half half) {
		return application.isOpen(half) && application.health().equals(half.healthInOutage());
	}

	/**
	 * Return whether the half is available again, seen from outside of the application.
	 * @param application the application
	 * @param half the half that was out
	 * @return by default whether the database accepts a new connection
	 */
	default boolean isOver(SplitApplication application, Half half) {
		return application.answers(half);
	}

	/**
	 * Make an outage of two actions.
	 * @param begin begins it
	 * @param end ends it
	 * @return the outage
	 */
	static Outage of(Action begin, Action end) {
		return new Outage() {

			@Override
			public void begin() throws Exception {
				begin.run();
			}

			@Override
			public void end() throws Exception {
				end.run();
			}

		};
	}

	/**
	 * Something that may fail.
	 */
	@FunctionalInterface
	interface Action {

		void run() throws Exception;

	}

}
