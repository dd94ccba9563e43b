/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.messaging.MessageSerializationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonbFormatTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0',
			value = { "{}|{}", "[ ]|[]", "[1,2,[3]]|[1, 2, [3]]", "true|true", "[null,false]|[null, false]",
					"{\"bb\":1,\"a\":2,\"B\":3,\"é\":4}|{\"B\": 3, \"a\": 2, \"bb\": 1, \"é\": 4}",
					"{\"a\":1,\"a\":{\"c\":[]}}|{\"a\": {\"c\": []}}", "1.50|1.50", "1e2|100", "1.5E+3|1500",
					"12e-3|0.012", "-0|0", "-0.0|0.0", "0e500000|0",
					"123456789012345678901234567890|123456789012345678901234567890", "\"\\u0041\\/\\u00e9\"|\"A/é\"",
					"\"\\\"\\\\\\b\\f\\n\\r\\t\"|\"\\\"\\\\\\b\\f\\n\\r\\t\"", "\"\\u001F\\u007f\"|\"\\u001f\u007f\"",
					"\"\\ud83d\\ude00\"|\"😀\"" })
	void writesAsJsonbDoes(String json, String expected) {
		assertThat(JsonbFormat.of(json)).isEqualTo(expected);
	}

	@Test
	void holdsTheLongestNumbersOfPostgres() {
		assertThat(JsonbFormat.of("1e131071")).hasSize(131_072);
		assertThat(JsonbFormat.of("1e-16383")).hasSize(2 + 16_383);
		assertThat(JsonbFormat.of("9".repeat(131_072) + "." + "9".repeat(16_383))).hasSize(131_072 + 1 + 16_383);
	}

	@Test
	void holdsNamesAndTextsOfAnyLength() {
		String name = "{\"" + "n".repeat(60_000) + "\": 1}";
		assertThat(JsonbFormat.of(name)).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", " ", "no", "[1,]", "1 2", "01", "NaN", "'a'", "1e131072", "1e-16384", "1e99999999999" })
	void refusesWhatPostgresRefuses(String json) {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> JsonbFormat.of(json));
	}

}
