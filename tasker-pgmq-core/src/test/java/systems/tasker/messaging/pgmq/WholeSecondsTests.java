/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WholeSecondsTests {

	@ParameterizedTest
	@CsvSource({ "PT0S, 0", "PT0.000000001S, 1", "PT0.999S, 1", "PT1S, 1", "PT1.001S, 2", "PT1M, 60",
			"PT2147483647S, 2147483647" })
	void roundsUp(Duration duration, int seconds) {
		assertThat(WholeSeconds.roundUp("timeout", duration)).isEqualTo(seconds);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT-0.001S", "PT2147483647.1S", "PT9223372036854775807S" })
	void refusesWhatPgmqCannotCount(Duration duration) {
		assertThatIllegalArgumentException().isThrownBy(() -> WholeSeconds.roundUp("timeout", duration))
			.withMessageStartingWith("timeout must be")
			.withMessageEndingWith("but is " + duration);
	}

}
