/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.messaging.MessageSerializationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonbTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "\"é\"", "\"€\"", "\"😀\"", "\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\"",
			"\"\\u0001\\u00e9\"", "\"\\\\u0000\"", "\"\\\\\\\\ud800\"", "\"\\\"\\n\"", "\\u", "\\u00", "\\uxyz0" })
	void givesTheSizeInUtf8OfWhatJsonbHolds(String json) {
		assertThat(JsonbText.checkedSize(json)).isEqualTo(json.getBytes(StandardCharsets.UTF_8).length);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\\u0000\"", "\"\\\\\\u0000\"", "\"a\\u0000b\"" })
	void refusesNul(String json) {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> JsonbText.checkedSize(json))
			.withMessageContaining("U+0000");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\ud83d\"", "\"\\ud83dx\"", "\"\\ud83d\\n\"",
			"\"\\ude00\\ud83d\"", "\"\\uDFFF\"" })
	void refusesEscapedHalvesOfSurrogatePairs(String json) {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> JsonbText.checkedSize(json))
			.withMessageContaining("surrogate");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0xD800, 0xDBFF, 0xDC00, 0xDFFF })
	void refusesHalvesOfSurrogatePairs(int half) {
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> JsonbText.checkedSize("\"" + (char) half + "\""))
			.withMessageContaining("surrogate");
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> JsonbText.checkedSize("\"" + (char) half))
			.withMessageContaining("surrogate");
	}

}
