/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An endpoint of whole applications, and what its documentation shows.
 */
record TestEndpoint(String id) {

	/**
	 * Start an application that exposes the endpoint.
	 */
	ConfigurableApplicationContext start(TestDatabase tasker, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("DATABASE_URL=" + tasker.url(), "management.endpoints.web.exposure.include=" + this.id));
		all.addAll(List.of(properties));
		return TestApplication.run(TestApplication.class, WebApplicationType.SERVLET, all.toArray(String[]::new));
	}

	JsonNode get(ConfigurableApplicationContext application) {
		return TestApplication.json(application, "/actuator/" + this.id);
	}

	JsonNode getInTime(ConfigurableApplicationContext application) {
		long start = System.nanoTime();
		JsonNode answer = get(application);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
		return answer;
	}

	JsonNode documented() throws IOException {
		String section = Files.readString(Path.of("..", "docs", "operations", "endpoints.md"))
			.split("## " + this.id + "\n", 2)[1];
		return JsonMapper.shared().readTree(section.split("```json\n", 2)[1].split("```", 2)[0]);
	}

	static TreeSet<String> paths(JsonNode json) {
		TreeSet<String> paths = new TreeSet<>();
		json.propertyStream().forEach((property) -> {
			paths.add(property.getKey());
			paths(property.getValue()).forEach((path) -> paths.add(property.getKey() + "." + path));
		});
		if (json.isArray()) {
			json.forEach((element) -> paths.addAll(paths(element)));
		}
		return paths;
	}

}
