/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import systems.tasker.messaging.pgmq.QueueFigures;

import static org.assertj.core.api.Assertions.assertThat;

class QueueDepthTierTests {

	private static final long UNKNOWN = -1;

	@ParameterizedTest
	@CsvSource({ "0,normal", "999,normal", "1000,warning", "9999,warning", "10000,critical" })
	void deepestQueueMakesTheTier(long depth, String tier) {
		assertThat(tier(0, depth, 5)).isEqualTo(tier);
	}

	@Test
	void aQueueOfUnknownDepthIsNeverNormalAndHidesNoOther() {
		assertThat(tier(UNKNOWN)).isEqualTo("unknown");
		assertThat(tier(999, UNKNOWN)).isEqualTo("unknown");
		assertThat(tier(1000, UNKNOWN)).isEqualTo("warning");
		assertThat(tier(UNKNOWN, 10_000)).isEqualTo("critical");
	}

	@Test
	void noFiguresAreUnknownAndNoQueuesAreNormal() {
		assertThat(QueueDepthTier.of(Optional.empty())).hasToString("unknown");
		assertThat(tier()).isEqualTo("normal");
	}

	private static String tier(long... depths) {
		List<QueueFigures> figures = Arrays.stream(depths)
			.mapToObj((depth) -> (depth != UNKNOWN) ? OptionalLong.of(depth) : OptionalLong.empty())
			.map((depth) -> new QueueFigures("orders", depth, OptionalLong.empty(), Optional.empty(),
					OptionalLong.empty(), Optional.empty()))
			.toList();
		return QueueDepthTier.of(Optional.of(figures)).toString();
	}

}
