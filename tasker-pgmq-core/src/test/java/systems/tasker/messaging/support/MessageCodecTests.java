/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessageTooLargeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MessageCodecTests {

	private final MessageCodec codec = new MessageCodec(new JacksonMessageSerializer(), 8);

	@Test
	void countsBytesAndNotCharacters() {
		assertThat(this.codec.encode("€€")).isEqualTo("\"€€\"");
		assertThatExceptionOfType(MessageTooLargeException.class).isThrownBy(() -> this.codec.encode("€€€"))
			.withMessage("The payload has 11 bytes, at most 8 are allowed")
			.satisfies((ex) -> assertThat(ex.size()).isEqualTo(11))
			.satisfies((ex) -> assertThat(ex.limit()).isEqualTo(8));
	}

	@Test
	void refusesABatchForOnePayload() {
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.codec.encodeAll(List.of("a", "123456789")));
	}

	@Test
	void encodesNoHeadersAsNull() {
		assertThat(this.codec.encodeHeaders(Map.of())).isNull();
		assertThat(this.codec.encodeHeaders(Map.of("traceparent", "00-1"))).isEqualTo("{\"traceparent\":\"00-1\"}");
	}

	@Test
	void refusesWhatJsonbCannotHold() {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.codec.encode("\0"));
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.codec.encode("\uD800"));
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.codec.encodeHeaders(Map.of("a", "\0")));
	}

	@Test
	void refusesNullInJavaAndInJson() {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.codec.encode(null));
		for (String json : Arrays.asList(null, "null", " null\n")) {
			MessageCodec misled = new MessageCodec(serializer((value) -> json), 8);
			assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> misled.encode(1));
			assertThatExceptionOfType(MessageSerializationException.class)
				.isThrownBy(() -> misled.encodeHeaders(Map.of("a", 1)));
		}
	}

	@Test
	void reportsFailuresOfAnySerializerAsItsOwn() {
		IllegalStateException failure = new IllegalStateException("broken");
		MessageCodec failing = new MessageCodec(serializer((value) -> {
			throw failure;
		}), 8);
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> failing.encode(1))
			.withMessageContaining("java.lang.Integer")
			.withCause(failure);
	}

	@Test
	void headersThatAreNoObjectAreNone() {
		assertThat(this.codec.decodeHeaders("{\"a\": 1}")).isEqualTo(Map.of("a", 1));
		for (String json : Arrays.asList(null, "[1]", "null", "1", "{broken")) {
			assertThat(this.codec.decodeHeaders(json)).isEmpty();
		}
	}

	@Test
	void errorsOfAnySerializerAreThoseOfOneMessage() {
		for (Error error : List.of(new NoClassDefFoundError("a"), new ExceptionInInitializerError("b"),
				new AssertionError("c"), new StackOverflowError())) {
			MessageCodec failing = new MessageCodec(failing(error), 8);
			assertThat(failing.decodeHeaders("{}")).isEmpty();
			assertThatExceptionOfType(MessageSerializationException.class)
				.isThrownBy(() -> failing.decode("{}", Map.class).value())
				.withCause(error);
		}
	}

	@Test
	void errorsOfTheMachineAreNotThoseOfAMessage() {
		OutOfMemoryError error = new OutOfMemoryError("the test says so");
		MessageCodec failing = new MessageCodec(failing(error), 8);
		assertThatThrownBy(() -> failing.decode("{}", Map.class)).isSameAs(error);
		assertThatThrownBy(() -> failing.decodeHeaders("{}")).isSameAs(error);
	}

	private static MessageSerializer failing(Error error) {
		return new MessageSerializer() {

			@Override
			public String serialize(Object value) {
				throw error;
			}

			@Override
			public <T> T deserialize(String json, Class<T> type) {
				throw error;
			}

		};
	}

	@Test
	void decodesPayloadsOrSaysWhyNot() {
		assertThat(this.codec.decode("7", Integer.class).value()).isEqualTo(7);
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.codec.decode("{}", Integer.class).value());
	}

	private static MessageSerializer serializer(Function<Object, String> serialize) {
		return new MessageSerializer() {

			@Override
			public String serialize(Object value) {
				return serialize.apply(value);
			}

			@Override
			public <T> T deserialize(String json, Class<T> type) {
				throw new UnsupportedOperationException();
			}

		};
	}

}
