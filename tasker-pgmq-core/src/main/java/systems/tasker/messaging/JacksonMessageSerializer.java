/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link MessageSerializer} that uses Jackson. Of what the mapper is set to, three
 * things do not hold for messages, because whoever receives them may have another mapper:
 * nothing is wrapped in the name of its type, numbers are not written as strings, and
 * entries of maps in headers are never left out.
 */
public final class JacksonMessageSerializer implements MessageSerializer {

	private final ObjectWriter payloads;

	private final ObjectWriter headers;

	private final ObjectReader reader;

	/**
	 * Use a mapper of our own, which ignores unknown properties: a sender may be newer
	 * than its receivers.
	 */
	public JacksonMessageSerializer() {
		this(JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build());
	}

	/**
	 * Use the mapper of the application.
	 * @param mapper the mapper
	 * @throws IllegalArgumentException if it is {@code null}
	 */
	public JacksonMessageSerializer(JsonMapper mapper) {
		Assert.notNull(mapper, "mapper must not be null");
		this.payloads = writer(mapper);
		this.headers = writer(mapper.rebuild()
			.withConfigOverride(Map.class,
					(maps) -> maps.setInclude(JsonInclude.Value.construct(Include.ALWAYS, Include.ALWAYS)))
			.build());
		this.reader = mapper.reader().withoutRootName();
	}

	private static ObjectWriter writer(JsonMapper mapper) {
		return mapper.writer().withoutRootName().without(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS);
	}

	@Override
	public String serialize(Object value) {
		String json = write(this.payloads, value);
		if (json.equals("null")) {
			throw new MessageSerializationException("The value is null or encoded as null, which no receiver can use",
					null);
		}
		return json;
	}

	@Override
	public String serializeHeaders(Map<String, @Nullable Object> headers) {
		return write(this.headers, headers);
	}

	private static String write(ObjectWriter writer, Object value) {
		try {
			return writer.writeValueAsString(value);
		}
		catch (JacksonException ex) {
			throw new MessageSerializationException("Cannot encode " + value.getClass().getName() + " as JSON", ex);
		}
	}

	@Override
	public <T> T deserialize(String json, Class<T> type) {
		T value = read(json, type);
		if (value == null) {
			throw new MessageSerializationException("The JSON is null, not " + type.getName(), null);
		}
		return value;
	}

	private <T> @Nullable T read(String json, Class<T> type) {
		try {
			return this.reader.forType(type).readValue(json);
		}
		catch (JacksonException ex) {
			throw new MessageSerializationException("Cannot decode the JSON as " + type.getName(), ex);
		}
	}

}
