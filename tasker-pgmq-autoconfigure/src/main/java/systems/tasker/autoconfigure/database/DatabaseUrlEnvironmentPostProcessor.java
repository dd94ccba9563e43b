/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * Lets {@code DATABASE_URL}, {@code PGMQ_DATABASE_URL} and {@code PGMQ_ENABLED} stand in
 * for the properties they are short for, wherever they are set. The properties themselves
 * win.
 */
class DatabaseUrlEnvironmentPostProcessor implements EnvironmentPostProcessor {

	private static final Map<String, String> VARIABLES = Map.of("tasker.database.url", "DATABASE_URL",
			"tasker.pgmq-database.url", "PGMQ_DATABASE_URL", "tasker.pgmq-database.enabled", "PGMQ_ENABLED");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources().addLast(new VariablesPropertySource(environment));
	}

	/**
	 * Looks when it is asked: sources that are added later may hold a variable, or the
	 * property itself.
	 */
	private static final class VariablesPropertySource extends PropertySource<Object> {

		private final ConfigurableEnvironment environment;

		private VariablesPropertySource(ConfigurableEnvironment environment) {
			// Were the environment the source, Boot would look for sources in it, for
			// ever.
			super("taskerDatabaseVariables");
			this.environment = environment;
		}

		@Override
		public @Nullable Object getProperty(String name) {
			String variable = VARIABLES.get(name);
			String value = (variable != null) ? this.environment.getProperty(variable) : null;
			return (StringUtils.hasText(value) && !isSetElsewhere(name)) ? value : null;
		}

		private boolean isSetElsewhere(String name) {
			return this.environment.getPropertySources()
				.stream()
				.anyMatch((other) -> other != this && !other.getName().equals("configurationProperties")
						&& other.containsProperty(name));
		}

	}

}
