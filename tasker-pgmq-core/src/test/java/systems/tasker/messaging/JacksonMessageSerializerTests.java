/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JacksonMessageSerializerTests {

	private final MessageSerializer serializer = new JacksonMessageSerializer();

	@Test
	void decodesWhatItEncoded() {
		Order order = new Order(7, "socks", Instant.parse("2026-01-01T00:00:00Z"));
		String json = this.serializer.serialize(order);
		assertThat(json).contains("\"at\":\"2026-01-01T00:00:00Z\"");
		assertThat(this.serializer.deserialize(json, Order.class)).isEqualTo(order);
	}

	@Test
	void encodesScalarsAndLists() {
		assertThat(this.serializer.serialize("a")).isEqualTo("\"a\"");
		assertThat(this.serializer.serialize(List.of(1, 2))).isEqualTo("[1,2]");
	}

	@Test
	void ignoresUnknownProperties() {
		assertThat(this.serializer.deserialize("{\"id\":1,\"more\":true}", Order.class).id()).isEqualTo(1);
	}

	@Test
	void usesTheGivenMapper() {
		MessageSerializer strict = new JacksonMessageSerializer(
				JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build());
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> strict.deserialize("{\"id\":1,\"more\":true}", Order.class));
	}

	@Test
	void doesNotTakeTheTypeFromTheMessage() {
		String json = "{\"@class\":\"java.io.File\",\"id\":1}";
		assertThat(this.serializer.deserialize(json, Object.class)).isInstanceOf(Map.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "null", "[]", "{\"id\":\"x\"}", "{\"id\":1} {}" })
	void failsWhenJsonIsNotOfTheType(String json) {
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.serializer.deserialize(json, Order.class))
			.withMessageContaining(Order.class.getName())
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
	}

	@Test
	void failsToEncodeNull() {
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> this.serializer.serialize(null))
			.withMessageContaining("null");
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.serializer.serialize(Optional.empty()));
	}

	@Test
	void failsToEncodeWhatJacksonCannot() {
		assertThatExceptionOfType(MessageSerializationException.class)
			.isThrownBy(() -> this.serializer.serialize(new Broken()))
			.withMessageContaining(Broken.class.getName())
			.withMessageNotContaining("secret");
	}

	record Order(int id, String item, Instant at) {

	}

	public static final class Broken {

		public String getValue() {
			throw new IllegalStateException("secret");
		}

	}

}
