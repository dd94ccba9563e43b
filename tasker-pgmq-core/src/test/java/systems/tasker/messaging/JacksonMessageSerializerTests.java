/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.messaging.support.MessageCodec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
	void refusesNullByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> new JacksonMessageSerializer(null))
			.withMessage("mapper must not be null");
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

	@ParameterizedTest
	@EnumSource(names = { "NON_NULL", "NON_EMPTY", "NON_DEFAULT" })
	void headersKeepTheirNullsAndEmptyTexts(JsonInclude.Include inclusion) {
		MessageCodec codec = new MessageCodec(new JacksonMessageSerializer(JsonMapper.builder()
			.changeDefaultPropertyInclusion((any) -> JsonInclude.Value.construct(inclusion, inclusion))
			.build()), 1024);
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("zone", null);
		headers.put("region", "");
		headers.put("nested", Collections.singletonMap("a", null));
		String json = codec.encodeHeaders("q", headers);
		assertThat(json).isEqualTo("{\"zone\":null,\"region\":\"\",\"nested\":{\"a\":null}}");
		assertThat(codec.decodeHeaders(json).values()).isEqualTo(headers);
	}

	@Test
	void nothingIsWrappedInANameOfItsType() {
		MessageCodec codec = new MessageCodec(new JacksonMessageSerializer(JsonMapper.builder()
			.enable(SerializationFeature.WRAP_ROOT_VALUE)
			.enable(DeserializationFeature.UNWRAP_ROOT_VALUE)
			.build()), 1024);
		assertThat(codec.encode("q", 7)).isEqualTo("7");
		assertThat(codec.decode("7", Integer.class).value()).isEqualTo(7);
		assertThat(codec.encodeHeaders("q", Map.of("a", 1))).isEqualTo("{\"a\":1}");
		assertThat(codec.decodeHeaders("{\"a\":1}").values()).isEqualTo(Map.of("a", 1));
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
