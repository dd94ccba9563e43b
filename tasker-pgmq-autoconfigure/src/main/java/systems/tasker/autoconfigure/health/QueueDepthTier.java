/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import systems.tasker.messaging.pgmq.QueueFigures;

/**
 * How deep the deepest queue is, in one word.
 */
enum QueueDepthTier {

	NORMAL, WARNING, CRITICAL, UNKNOWN;

	private static final long WARNING_DEPTH = 1_000;

	private static final long CRITICAL_DEPTH = 10_000;

	/**
	 * Return the tier of some queues. A queue of unknown depth may be the deepest: what
	 * is known makes a tier above normal, and never a normal one.
	 * @param queues the figures of the queues, if there are any
	 * @return the tier
	 */
	static QueueDepthTier of(Optional<List<QueueFigures>> queues) {
		if (queues.isEmpty()) {
			return UNKNOWN;
		}
		List<OptionalLong> depths = queues.get().stream().map(QueueFigures::depth).toList();
		long deepest = depths.stream()
			.filter(OptionalLong::isPresent)
			.mapToLong(OptionalLong::getAsLong)
			.max()
			.orElse(0);
		if (deepest >= WARNING_DEPTH) {
			return (deepest >= CRITICAL_DEPTH) ? CRITICAL : WARNING;
		}
		return depths.stream().allMatch(OptionalLong::isPresent) ? NORMAL : UNKNOWN;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
