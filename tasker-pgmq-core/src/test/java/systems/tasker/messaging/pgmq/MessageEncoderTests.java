/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageTooLargeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageEncoderTests {

	private final MessageEncoder encoder = new MessageEncoder(new JacksonMessageSerializer(), 8);

	@Test
	void countsBytesAndNotCharacters() {
		assertThat(this.encoder.payload("€€")).isEqualTo("\"€€\"");
		assertThatExceptionOfType(MessageTooLargeException.class).isThrownBy(() -> this.encoder.payload("€€€"))
			.withMessage("The payload has 11 bytes, at most 8 are allowed")
			.satisfies((ex) -> assertThat(ex.size()).isEqualTo(11))
			.satisfies((ex) -> assertThat(ex.limit()).isEqualTo(8));
	}

	@Test
	void refusesABatchForOnePayload() {
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.encoder.payloads(List.of("a", "123456789")));
	}

	@Test
	void encodesNoHeadersAsNull() {
		assertThat(this.encoder.headers(Map.of())).isNull();
		assertThat(this.encoder.headers(Map.of("traceparent", "00-1"))).isEqualTo("{\"traceparent\":\"00-1\"}");
	}

	@Test
	void refusesWhatJsonbCannotHold() {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.encoder.payload("\0"));
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.encoder.payload("\uD800"));
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.encoder.headers(Map.of("a", "\0")));
	}

}
