/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RetryBackoffTests {

	private static final Instant NOW = Instant.parse("2015-10-21T07:28:00Z");

	@ParameterizedTest
	@CsvSource({ "0, 1", "1, 2", "2, 4", "3, 8", "11, 2048", "12, 3600", "5000, 3600" })
	void pauseDoublesWithEachAttemptUpToTheMaximum(int attempts, int seconds) {
		assertThat(defaults(0.5).afterAttempts(attempts)).isEqualTo(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "0.0, 14", "0.25, 15", "0.5, 16", "0.75, 17", "0.999999, 18" })
	void jitterIsFifteenPercentInBothDirections(double random, int seconds) {
		assertThat(defaults(random).afterAttempts(4)).isEqualTo(seconds);
	}

	@Test
	void jitterDoesNotExceedTheMaximum() {
		assertThat(defaults(0.999999).afterAttempts(12)).isEqualTo(3600);
	}

	@Test
	void longestPauseHasJitterToo() {
		assertThat(defaults(0).afterAttempts(12)).isEqualTo(3060);
		assertThat(new RetryBackoff(Duration.ofSeconds(1), 10, Duration.ofHours(1), 1, () -> 0.5).afterAttempts(400))
			.isEqualTo(3600);
		assertThat(new RetryBackoff(Duration.ofSeconds(Integer.MAX_VALUE), 2, Duration.ofHours(1), 0, () -> 0)
			.afterAttempts(1)).isEqualTo(3600);
	}

	@Test
	void randomNumbersOfTheDefaultStayInTheRange() {
		for (int i = 0; i < 1000; i++) {
			assertThat(RetryBackoff.defaults().afterAttempts(6)).isBetween(54, 74);
		}
	}

	@Test
	void settingsAreUsed() {
		RetryBackoff backoff = new RetryBackoff(Duration.ofMillis(2500), 3, Duration.ofSeconds(100), 0, () -> 0);
		assertThat(backoff.afterAttempts(1)).isEqualTo(8);
		assertThat(backoff.afterAttempts(3)).isEqualTo(68);
		assertThat(backoff.afterAttempts(4)).isEqualTo(100);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0 | 0
			17 | 17
			' 17 ' | 17
			3600 | 3600
			3601 | 3600
			999999999999999999999999 | 3600
			00000000000000000017 | 17
			Wed, 21 Oct 2015 07:28:30 UT | 30
			Wed, 21 Oct 2015 07:28:30 utc | 30
			Wed, 21 Oct 2015 07:28:30 -0000 | 30
			21 Oct 2015 02:28:30 EST | 30
			21 Oct 2015 03:28:30 EDT | 30
			21 Oct 2015 01:28:30 CST | 30
			21 Oct 2015 02:28:30 CDT | 30
			21 Oct 2015 00:28:30 MST | 30
			21 Oct 2015 01:28:30 MDT | 30
			20 Oct 2015 23:28:30 PST | 30
			21 Oct 2015 00:28:30 PDT | 30
			Wed, 21 Oct 2015 07:28:30 GMT | 30
			Wed, 21 Oct 2015 07:28:30 +0000 | 30
			21 Oct 2015 09:29:00 +0200 | 60
			Wed, 21 Oct 2015 07:27:00 GMT | 0
			Wed, 21 Oct 2015 20:00:00 GMT | 3600
			""")
	void serverDecidesUpToTheMaximumWithoutJitter(String header, int seconds) {
		assertThat(defaults(0.9).retryAfter(header, NOW)).isEqualTo(OptionalInt.of(seconds));
	}

	@Test
	void partOfASecondIsAWholeOne() {
		assertThat(defaults(0.5).retryAfter("Wed, 21 Oct 2015 07:28:30 GMT", NOW.plusMillis(1)))
			.isEqualTo(OptionalInt.of(30));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "-1", "1.5", "2015-10-21T07:28:00Z" })
	void whatCannotBeReadIsNoAnswer(String header) {
		assertThat(defaults(0.5).retryAfter(header, NOW)).isEmpty();
	}

	@Test
	void badSettingsAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> backoff(Duration.ZERO, 2, 10, 0))
			.withMessageStartingWith("base must be");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> backoff(Duration.ofSeconds(Integer.MAX_VALUE + 1L), 2, 10, 0))
			.withMessageStartingWith("base must be");
		assertThatIllegalArgumentException().isThrownBy(() -> backoff(Duration.ofSeconds(1), 0.5, 10, 0))
			.withMessageStartingWith("multiplier must be");
		assertThatIllegalArgumentException().isThrownBy(() -> backoff(Duration.ofSeconds(1), Double.NaN, 10, 0))
			.withMessageStartingWith("multiplier must be");
		assertThatIllegalArgumentException().isThrownBy(() -> backoff(Duration.ofSeconds(1), 2, 0, 0))
			.withMessageStartingWith("maximum must be");
		assertThatIllegalArgumentException().isThrownBy(() -> backoff(Duration.ofSeconds(1), 2, 10, 1.1))
			.withMessageStartingWith("jitter must be");
	}

	private static RetryBackoff defaults(double random) {
		RetryBackoff defaults = RetryBackoff.defaults();
		return new RetryBackoff(defaults.base(), defaults.multiplier(), defaults.maximum(), defaults.jitter(),
				() -> random);
	}

	private static RetryBackoff backoff(Duration base, double multiplier, int maximum, double jitter) {
		return new RetryBackoff(base, multiplier, Duration.ofSeconds(maximum), jitter, () -> 0);
	}

}
