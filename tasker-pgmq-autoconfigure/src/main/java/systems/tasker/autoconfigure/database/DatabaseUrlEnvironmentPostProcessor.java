/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Lets {@code DATABASE_URL}, {@code PGMQ_DATABASE_URL} and {@code PGMQ_ENABLED} stand in
 * for the properties they are short for, wherever they are set. The properties themselves
 * win.
 */
class DatabaseUrlEnvironmentPostProcessor implements EnvironmentPostProcessor {

	private static final Map<String, String> PROPERTIES = Map.of("DATABASE_URL", "tasker.database.url",
			"PGMQ_DATABASE_URL", "tasker.pgmq-database.url", "PGMQ_ENABLED", "tasker.pgmq-database.enabled");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> defaults = new LinkedHashMap<>();
		PROPERTIES.forEach((variable, property) -> {
			if (StringUtils.hasText(environment.getProperty(variable))) {
				defaults.put(property, "${" + variable + "}");
			}
		});
		if (!defaults.isEmpty()) {
			environment.getPropertySources().addLast(new MapPropertySource("taskerDatabaseUrls", defaults));
		}
	}

}
