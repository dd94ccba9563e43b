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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class QueueNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "_", "_dead", "worker_payments_queue", "q1",
			"a23456789_123456789_123456789_123456789_1234567" })
	void acceptsLowerCaseLettersDigitsAndUnderscores(String name) {
		assertThat(new QueueName(name)).hasToString(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "1a", "a-b", "a b", "a.b", "a\"b", "été", "É", "a\n", "a;drop table x", "q$" })
	void rejectsEverythingElse(String name) {
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> new QueueName(name))
			.withMessageContaining("\"" + name + "\"")
			.withMessageContaining("a name starts with")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
	}

	@Test
	void rejectsUpperCaseBecauseTwoNamesWouldBeOneQueue() {
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> new QueueName("MyQueue"))
			.withMessageContaining("lower-cases the names of its tables")
			.withMessageContaining("would be one queue");
	}

	@Test
	void rejectsNamesThatPostgresWouldCut() {
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> new QueueName("a".repeat(48)))
			.withMessageContaining("48 characters, at most 47");
	}

	@Test
	void refusesNullByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> new QueueName(null))
			.withMessage("queue name must not be null");
	}

}
