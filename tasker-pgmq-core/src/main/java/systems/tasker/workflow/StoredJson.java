/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of columns that other programs write, too.
 */
final class StoredJson {

	static final String NAME = "name";

	static final String DEPENDENCIES = "dependencies";

	static final String RETRYABLE = "retryable";

	static final String MAX_ATTEMPTS = "max_attempts";

	private StoredJson() {
	}

	// A copy of an object; anything else has no members.
	static Map<String, @Nullable Object> members(@Nullable Object json) {
		Map<String, @Nullable Object> members = new LinkedHashMap<>();
		if (json instanceof Map<?, ?> object) {
			object.forEach((key, value) -> members.put(String.valueOf(key), value));
		}
		return members;
	}

	// Follow keys to a value.
	static @Nullable Object at(@Nullable Object json, String... keys) {
		Object value = json;
		for (String key : keys) {
			value = (value instanceof Map<?, ?> object) ? object.get(key) : null;
		}
		return value;
	}

	// Limits and dependencies of the same steps stand in two places.
	static List<StepTemplate> steps(@Nullable Object linked, @Nullable Object configured) {
		Map<String, @Nullable Object> rest = new LinkedHashMap<>();
		elements(linked).forEach((step) -> rest.put(String.valueOf(at(step, NAME)), step));
		List<StepTemplate> steps = new ArrayList<>();
		for (Object step : elements(configured)) {
			String name = String.valueOf(at(step, NAME));
			Object link = rest.remove(name);
			if (link == null) {
				throw new IllegalStateException(
						"The configuration of a template has the step \"%s\", the template has not".formatted(name));
			}
			steps.add(step(name, link, elements(at(step, DEPENDENCIES)).stream().map(String::valueOf).toList()));
		}
		rest.forEach((name, link) -> steps.add(step(name, link, List.of())));
		return steps;
	}

	private static StepTemplate step(String name, @Nullable Object link, List<String> dependsOn) {
		return new StepTemplate(name, dependsOn, Boolean.TRUE.equals(at(link, RETRYABLE)),
				(at(link, MAX_ATTEMPTS) instanceof Number max) ? max.intValue() : 0);
	}

	private static List<?> elements(@Nullable Object json) {
		if (json == null) {
			return List.of();
		}
		if (json instanceof List<?> elements) {
			return elements;
		}
		throw new IllegalStateException("The configuration of a template has steps or dependencies that are no list");
	}

}
