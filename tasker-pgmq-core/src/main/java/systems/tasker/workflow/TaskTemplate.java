/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What tasks are made from: steps and their order.
 *
 * @param namespace the namespace, at most 64 characters
 * @param name the name, at most 64 characters
 * @param version the version, at most 16 characters
 * @param description says it in words, at most 255 characters
 * @param identityStrategy what makes two tasks the same one
 * @param configuration what else the template says, as JSON; {@code lifecycle} sets
 * limits for staleness, in minutes as integers. The key {@code steps} is not part of it
 * @param steps the steps
 */
public record TaskTemplate(String namespace, String name, String version, @Nullable String description,
		IdentityStrategy identityStrategy, Map<String, @Nullable Object> configuration, List<StepTemplate> steps) {

	static final String STEPS = "steps";

	private static final int MAX_NAME = 64;

	private static final int MAX_VERSION = 16;

	private static final int MAX_DESCRIPTION = 255;

	/**
	 * Create a template with copies of map and list.
	 * @param namespace the namespace
	 * @param name the name
	 * @param version the version
	 * @param description says it in words
	 * @param identityStrategy what makes two tasks the same one
	 * @param configuration what else the template says
	 * @param steps the steps
	 * @throws DependencyCycleException if steps depend on each other in a circle
	 * @throws IllegalArgumentException if a text is blank or too long, two steps have one
	 * name, a step depends on one that is not there, {@code configuration} has the key
	 * {@code steps}, or a limit in its {@code lifecycle} is no integer
	 */
	public TaskTemplate {
		Arguments.text("namespace", namespace, MAX_NAME);
		Arguments.text("name", name, MAX_NAME);
		Arguments.text("version", version, MAX_VERSION);
		Arguments.optionalText("description", description, MAX_DESCRIPTION);
		Arguments.required("identityStrategy", identityStrategy);
		configuration = Collections
			.unmodifiableMap(new LinkedHashMap<>(Arguments.required("configuration", configuration)));
		if (configuration.containsKey(STEPS)) {
			throw new IllegalArgumentException("configuration must not have the key \"steps\"");
		}
		Lifecycle.check(configuration);
		steps = List.copyOf(Arguments.each(STEPS, steps));
		DependencyGraph.check(steps);
	}

	/**
	 * Create a template without description and configuration; tasks with the same
	 * context are the same task.
	 * @param namespace the namespace
	 * @param name the name
	 * @param version the version
	 * @param steps the steps
	 * @return the template
	 */
	public static TaskTemplate of(String namespace, String name, String version, StepTemplate... steps) {
		return new TaskTemplate(namespace, name, version, null, IdentityStrategy.STRICT, Map.of(),
				Arrays.asList(steps));
	}

	/**
	 * Return this template with a description.
	 * @param description says it in words
	 * @return the new template
	 */
	public TaskTemplate withDescription(@Nullable String description) {
		return new TaskTemplate(this.namespace, this.name, this.version, description, this.identityStrategy,
				this.configuration, this.steps);
	}

	/**
	 * Return this template with an identity strategy.
	 * @param identityStrategy what makes two tasks the same one
	 * @return the new template
	 */
	public TaskTemplate withIdentityStrategy(IdentityStrategy identityStrategy) {
		return new TaskTemplate(this.namespace, this.name, this.version, this.description, identityStrategy,
				this.configuration, this.steps);
	}

	/**
	 * Return this template with a configuration.
	 * @param configuration what else the template says, without {@code steps}
	 * @return the new template
	 */
	public TaskTemplate withConfiguration(Map<String, @Nullable Object> configuration) {
		return new TaskTemplate(this.namespace, this.name, this.version, this.description, this.identityStrategy,
				configuration, this.steps);
	}

}
