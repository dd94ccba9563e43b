/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.messaging.MessageSerializationException;

/**
 * Rewrites JSON as PostgreSQL's {@code jsonb} gives it back: keys by length and then by
 * their bytes, of equal keys the last, numbers without exponent, characters unescaped
 * where they can be. Refuses what is no JSON and numbers that {@code numeric} cannot
 * hold.
 */
final class JsonbFormat {

	private static final int MAX_DIGITS_BEFORE_POINT = 131_072;

	private static final int MAX_DIGITS_AFTER_POINT = 16_383;

	// Room for the longest number, an exponent and a sign.
	private static final int MAX_NUMBER_LENGTH = MAX_DIGITS_BEFORE_POINT + MAX_DIGITS_AFTER_POINT + 100;

	private static final Comparator<byte[]> KEYS = Comparator.<byte[]>comparingInt((key) -> key.length)
		.thenComparing(Arrays::compareUnsigned);

	// PostgreSQL has no limit for names and texts that a message could reach.
	private static final JsonMapper mapper = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNumberLength(MAX_NUMBER_LENGTH)
				.maxNameLength(Integer.MAX_VALUE)
				.maxStringLength(Integer.MAX_VALUE)
				.build())
			.build())
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private final StringBuilder text = new StringBuilder();

	private JsonbFormat() {
	}

	static String of(String json) {
		JsonbFormat format = new JsonbFormat();
		format.append(read(json));
		return format.text.toString();
	}

	private static JsonNode read(String json) {
		try {
			JsonNode node = mapper.readTree(json);
			if (!node.isMissingNode()) {
				return node;
			}
		}
		catch (JacksonException | NumberFormatException ex) {
			throw new MessageSerializationException("The serializer did not write JSON", ex);
		}
		throw new MessageSerializationException("The serializer did not write JSON", null);
	}

	private void append(JsonNode node) {
		switch (node.getNodeType()) {
			case OBJECT -> appendObject(node);
			case ARRAY -> appendAll("[", node.values().iterator(), "]", this::append);
			case STRING -> appendString(node.asString());
			case NUMBER -> appendNumber(node.decimalValue());
			default -> this.text.append(node);
		}
	}

	private void appendObject(JsonNode object) {
		Iterator<Map.Entry<String, JsonNode>> entries = object.properties()
			.stream()
			.sorted(Map.Entry
				.comparingByKey(Comparator.comparing((String key) -> key.getBytes(StandardCharsets.UTF_8), KEYS)))
			.iterator();
		appendAll("{", entries, "}", (entry) -> {
			appendString(entry.getKey());
			this.text.append(": ");
			append(entry.getValue());
		});
	}

	private <T> void appendAll(String start, Iterator<T> elements, String end, Consumer<T> append) {
		this.text.append(start);
		while (elements.hasNext()) {
			append.accept(elements.next());
			this.text.append(elements.hasNext() ? ", " : "");
		}
		this.text.append(end);
	}

	private void appendNumber(BigDecimal number) {
		long digitsBeforePoint = (number.signum() != 0) ? number.precision() - (long) number.scale() : 1;
		if (digitsBeforePoint > MAX_DIGITS_BEFORE_POINT || number.scale() > MAX_DIGITS_AFTER_POINT) {
			throw new MessageSerializationException("A number is out of range", null);
		}
		this.text.append(number.toPlainString());
	}

	private void appendString(String string) {
		this.text.append('"');
		string.chars().forEach(this::appendCharacter);
		this.text.append('"');
	}

	private void appendCharacter(int character) {
		switch (character) {
			case '"', '\\' -> this.text.append('\\').append((char) character);
			case '\b' -> this.text.append("\\b");
			case '\f' -> this.text.append("\\f");
			case '\n' -> this.text.append("\\n");
			case '\r' -> this.text.append("\\r");
			case '\t' -> this.text.append("\\t");
			default -> this.text.append((character < ' ') ? "\\u%04x".formatted(character) : (char) character);
		}
	}

}
