/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/configuration.md} lists every property as its metadata describes
 * it. The expected table is in {@code target/configuration-table.md} after a run.
 */
class ConfigurationDocumentationTests {

	private static final Map<String, String> VARIABLES = Map.of("tasker.database.url", "DATABASE_URL",
			"tasker.pgmq-database.url", "PGMQ_DATABASE_URL", "tasker.pgmq-database.enabled", "PGMQ_ENABLED");

	@Test
	void everyPropertyIsDocumentedAsItIs() throws IOException {
		String table = table();
		Files.writeString(Path.of("target", "configuration-table.md"), table);
		assertThat(Files.readString(Path.of("..", "docs", "configuration.md"))).contains(table);
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		assertThat(properties()).isNotEmpty()
			.allSatisfy((property) -> assertThat(property.path("description").asString()).as(property.toString())
				.isNotBlank());
	}

	private static String table() throws IOException {
		List<String> lines = new ArrayList<>();
		lines.add("| Property | Default | Meaning |");
		lines.add("|---|---|---|");
		for (JsonNode property : properties()) {
			String name = property.get("name").asString();
			String variable = VARIABLES.get(name);
			lines.add("| `%s`%s | %s | %s |".formatted(name, (variable != null) ? "<br>`" + variable + "`" : "",
					defaultValue(property), StringUtils.capitalize(property.get("description").asString()) + "."));
		}
		return String.join("\n", lines) + "\n";
	}

	private static String defaultValue(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		return (value.isMissingNode() || (value.isArray() && value.isEmpty())) ? "" : "`" + value.asString() + "`";
	}

	private static List<JsonNode> properties() throws IOException {
		try (InputStream metadata = ConfigurationDocumentationTests.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			List<JsonNode> properties = new ArrayList<>();
			for (JsonNode property : JsonMapper.shared().readTree(metadata).get("properties")) {
				if (property.get("name").asString().startsWith("tasker.")) {
					properties.add(property);
				}
			}
			return properties;
		}
	}

}
