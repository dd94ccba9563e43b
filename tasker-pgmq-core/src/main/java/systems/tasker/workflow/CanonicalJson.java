/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * One spelling for JSON that differs only in the order of keys, white space or escapes:
 * keys sorted by code point, arrays in their order, no white space. Numbers stay as they
 * are spelled.
 */
final class CanonicalJson {

	// Not the mapper of the application: the spelling must not depend on its settings.
	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	// UTF-16 order, that of strings in Java, has U+FF5E after U+1F600.
	private static final Comparator<String> BY_CODE_POINT = (left, right) -> {
		int[] first = left.codePoints().toArray();
		int[] second = right.codePoints().toArray();
		return Arrays.compare(first, second);
	};

	private CanonicalJson() {
	}

	static String of(String json) {
		try (JsonParser parser = MAPPER.createParser(json)) {
			return value(parser, parser.nextToken());
		}
	}

	private static String value(JsonParser parser, JsonToken token) {
		return switch (token) {
			case START_OBJECT -> object(parser);
			case START_ARRAY -> array(parser);
			case VALUE_STRING -> MAPPER.writeValueAsString(parser.getString());
			default -> parser.getString();
		};
	}

	private static String object(JsonParser parser) {
		Map<String, String> members = new TreeMap<>(BY_CODE_POINT);
		while (parser.nextToken() != JsonToken.END_OBJECT) {
			String key = parser.currentName();
			members.put(key, MAPPER.writeValueAsString(key) + ":" + value(parser, parser.nextToken()));
		}
		return members.values().stream().collect(Collectors.joining(",", "{", "}"));
	}

	private static String array(JsonParser parser) {
		List<String> elements = new ArrayList<>();
		for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
			elements.add(value(parser, token));
		}
		return elements.stream().collect(Collectors.joining(",", "[", "]"));
	}

}
