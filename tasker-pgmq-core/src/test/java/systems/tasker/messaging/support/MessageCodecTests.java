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
import systems.tasker.messaging.MessageHeaders;
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
		assertThat(this.codec.encode("q", "€€")).isEqualTo("\"€€\"");
		assertThatExceptionOfType(MessageTooLargeException.class).isThrownBy(() -> this.codec.encode("q", "€€€"))
			.withMessage("Cannot send the payload for queue \"q\": it has 11 bytes, and the maximum message size "
					+ "(tasker.messaging.max-message-size) is 8")
			.satisfies((ex) -> assertThat(ex.size()).isEqualTo(11))
			.satisfies((ex) -> assertThat(ex.limit()).isEqualTo(8));
	}

	@Test
	void refusesABatchForOnePayload() {
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.codec.encodeAll("q", List.of("a", "123456789")))
			.withMessageContaining("the payload at index 1 for queue \"q\"");
	}

	@Test
	void encodesNoHeadersAsNull() {
		assertThat(this.codec.encodeHeaders("q", Map.of())).isNull();
		assertThat(this.codec.encodeHeaders("q", Map.of("traceparent", "00-1")))
			.isEqualTo("{\"traceparent\":\"00-1\"}");
	}

	@Test
	void refusesHeadersThatAreNoObject() {
		for (String json : List.of("[1]", "\"{}\"", "7", "")) {
			MessageCodec misled = new MessageCodec(serializer((value) -> json), 8);
			assertThatExceptionOfType(MessageSerializationException.class).as(json)
				.isThrownBy(() -> misled.encodeHeaders("q", Map.of("a", 1)))
				.withMessage("Cannot send the headers for queue \"q\": their JSON is no object");
		}
		MessageCodec wide = new MessageCodec(serializer((value) -> " {} "), 8);
		assertThat(wide.encodeHeaders("q", Map.of("a", 1))).isEqualTo(" {} ");
	}

	@Test
	void refusesWhatJsonbCannotHold() {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.codec.encode("q", "\0"))
			.withMessage("Cannot send the payload for queue \"q\": PostgreSQL cannot store the character U+0000");
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.codec.encodeAll("q", List.of("a", "\uD800")))
			.withMessageContaining("the payload at index 1 for queue \"q\": PostgreSQL");
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.codec.encodeHeaders("q", Map.of("a", "\0")))
			.withMessageContaining("the headers for queue \"q\": PostgreSQL");
	}

	@Test
	void refusesNullInJavaAndInJson() {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.codec.encode("q", null))
			.withMessage("Cannot send the payload for queue \"q\": it is null");
		for (String json : Arrays.asList(null, "null", " null\n")) {
			MessageCodec misled = new MessageCodec(serializer((value) -> json), 8);
			assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> misled.encode("q", 1));
			assertThatExceptionOfType(MessageSerializationException.class)
				.isThrownBy(() -> misled.encodeHeaders("q", Map.of("a", 1)));
		}
	}

	@Test
	void reportsFailuresOfAnySerializerAsItsOwn() {
		IllegalStateException failure = new IllegalStateException("broken");
		MessageCodec failing = new MessageCodec(serializer((value) -> {
			throw failure;
		}), 8);
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> failing.encode("q", 1))
			.withMessage("Cannot send the payload for queue \"q\": Cannot encode java.lang.Integer as JSON")
			.withCause(failure);
		MessageSerializationException refusal = new MessageSerializationException("not this one", failure);
		MessageCodec refusing = new MessageCodec(serializer((value) -> {
			throw refusal;
		}), 8);
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> refusing.encode("q", 1))
			.withMessage("Cannot send the payload for queue \"q\": not this one")
			.withCause(refusal);
	}

	@Test
	void decodesHeaders() {
		assertThat(this.codec.decodeHeaders("{\"a\": 1}").values()).isEqualTo(Map.of("a", 1));
		for (String none : Arrays.asList(null, "null", "{}")) {
			assertThat(this.codec.decodeHeaders(none).values()).isEmpty();
			assertThat(this.codec.decodeHeaders(none).json()).isEqualTo("{}");
		}
	}

	@Test
	void headersThatCannotBeDecodedKeepTheirJson() {
		for (String json : List.of("[1]", "1", "{broken", "{\"a\": " + "1".repeat(1500) + "}")) {
			MessageHeaders headers = this.codec.decodeHeaders(json);
			assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(headers::values)
				.withMessage("Cannot decode the headers of the message as java.util.Map");
			assertThat(headers.json()).isEqualTo(json);
		}
	}

	@Test
	void errorsOfAnySerializerAreThoseOfOneMessage() {
		for (Error error : List.of(new NoClassDefFoundError("a"), new ExceptionInInitializerError("b"),
				new AssertionError("c"), new StackOverflowError())) {
			MessageCodec failing = new MessageCodec(failing(error), 8);
			assertThatExceptionOfType(MessageSerializationException.class)
				.isThrownBy(() -> failing.decodeHeaders("{}").values())
				.withCause(error);
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
