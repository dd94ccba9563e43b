/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessagingArgumentsTests {

	@ParameterizedTest
	@CsvSource({ "PT0S, 0", "PT0.000000001S, 1", "PT0.999S, 1", "PT1S, 1", "PT1.001S, 2", "PT1M, 60",
			"PT2147483647S, 2147483647" })
	void roundsUpToWholeSeconds(Duration duration, int seconds) {
		assertThat(MessagingArguments.wholeSeconds("timeout", duration)).isEqualTo(seconds);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT-0.001S", "PT2147483647.1S", "PT9223372036854775807S" })
	void refusesADurationThatPgmqCannotCount(Duration duration) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.wholeSeconds("timeout", duration))
			.withMessageStartingWith("timeout must be")
			.withMessageEndingWith("but is " + duration);
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.duration("timeout", duration))
			.withMessageStartingWith("timeout must be");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT0.000000001S", "PT2147483647S" })
	void leavesADurationInRangeAsItIs(Duration duration) {
		assertThat(MessagingArguments.duration("timeout", duration)).isSameAs(duration);
	}

	@Test
	void namesTheArgumentThatIsNull() {
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.required("handle", null))
			.withMessage("handle must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.queue(null))
			.withMessage("queue must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.wholeSeconds("delay", null))
			.withMessage("delay must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.duration("retention", null))
			.withMessage("retention must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.distinct("queues", null))
			.withMessage("queues must not be null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "a,null", "a,b,c,null" })
	void namesTheArgumentThatContainsNull(String elements) {
		List<String> values = Stream.of(elements.split(","))
			.map((value) -> value.equals("null") ? null : value)
			.toList();
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.distinct("queues", values))
			.withMessage("queues must not contain null");
	}

	@Test
	void leavesOneOfEachElement() {
		assertThat(MessagingArguments.distinct("queues", List.of("b", "a", "b"))).containsExactly("b", "a");
		assertThat(MessagingArguments.distinct("queues", List.of())).isEmpty();
	}

	@Test
	void knowsTheRangeOfMax() {
		assertThat(MessagingArguments.max(1)).isEqualTo(1);
		assertThat(MessagingArguments.max(10_000)).isEqualTo(10_000);
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.max(0));
		assertThatIllegalArgumentException().isThrownBy(() -> MessagingArguments.max(10_001))
			.withMessage("max must be between 1 and 10000, but is 10001");
	}

}
