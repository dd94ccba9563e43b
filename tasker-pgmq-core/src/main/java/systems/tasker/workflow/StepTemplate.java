/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Arrays;
import java.util.List;

/**
 * A step of a {@link TaskTemplate}.
 *
 * @param name the name, at most 128 characters, shared by all templates
 * @param dependsOn the names of the steps of the same template that come before it
 * @param retryable whether it may be attempted again
 * @param maxAttempts how often it may be attempted; the first attempt is made even if
 * this is 0
 */
public record StepTemplate(String name, List<String> dependsOn, boolean retryable, int maxAttempts) {

	private static final int MAX_NAME = 128;

	private static final int DEFAULT_MAX_ATTEMPTS = 3;

	/**
	 * Create a step with a copy of the list, in which each name stands once.
	 * @param name the name
	 * @param dependsOn the names of the steps that come before it
	 * @param retryable whether it may be attempted again
	 * @param maxAttempts how often it may be attempted
	 * @throws IllegalArgumentException if the name is blank or too long, a dependency is
	 * {@code null}, or {@code maxAttempts} is negative
	 */
	public StepTemplate {
		Arguments.text("step name", name, MAX_NAME);
		dependsOn = Arguments.each("dependsOn", dependsOn).stream().distinct().toList();
		Arguments.notNegative("maxAttempts", maxAttempts);
	}

	/**
	 * Create a step that may be attempted three times.
	 * @param name the name
	 * @param dependsOn the names of the steps that come before it
	 * @return the step
	 */
	public static StepTemplate of(String name, String... dependsOn) {
		return new StepTemplate(name, Arrays.asList(dependsOn), true, DEFAULT_MAX_ATTEMPTS);
	}

	/**
	 * Return this step with a limit of its own.
	 * @param maxAttempts how often it may be attempted
	 * @return the new step
	 */
	public StepTemplate withMaxAttempts(int maxAttempts) {
		return new StepTemplate(this.name, this.dependsOn, this.retryable, maxAttempts);
	}

	/**
	 * Return this step as one that is attempted once only.
	 * @return the new step
	 */
	public StepTemplate withoutRetry() {
		return new StepTemplate(this.name, this.dependsOn, false, this.maxAttempts);
	}

}
