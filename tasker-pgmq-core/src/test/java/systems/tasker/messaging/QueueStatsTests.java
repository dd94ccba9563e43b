/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QueueStatsTests {

	@Test
	void inFlightIsLengthMinusVisible() {
		assertThat(stats(OptionalLong.of(5), OptionalLong.of(2)).inFlight()).hasValue(3);
	}

	@Test
	void inFlightIsUnknownWhenOneOfThemIs() {
		assertThat(stats(OptionalLong.of(5), OptionalLong.empty()).inFlight()).isEmpty();
		assertThat(stats(OptionalLong.empty(), OptionalLong.of(2)).inFlight()).isEmpty();
	}

	private QueueStats stats(OptionalLong length, OptionalLong visible) {
		return new QueueStats("q", length, visible, Optional.empty(), Optional.empty(), OptionalLong.empty());
	}

}
