/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NamespaceTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "_", "payments_eu2", "a23456789_123456789_123456789" })
	void acceptsLowerCaseLettersDigitsAndUnderscores(String value) {
		assertThat(new Namespace(value)).hasToString(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1a", "a-b", "a.b" })
	void rejectsEverythingElse(String value) {
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> new Namespace(value))
			.withMessageStartingWith("Invalid namespace \"" + value + "\": a name starts with")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
	}

	@Test
	void rejectsWhatDoesNotFitIntoAQueueName() {
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> new Namespace("a".repeat(30)))
			.withMessage("Invalid namespace \"" + "a".repeat(30) + "\": it has 30 characters, at most 29 are allowed");
	}

}
