/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks what the steps of a template say about each other.
 */
final class DependencyGraph {

	private final Map<String, List<String>> dependencies = new LinkedHashMap<>();

	private DependencyGraph(List<StepTemplate> steps) {
		for (StepTemplate step : steps) {
			if (this.dependencies.put(step.name(), step.dependsOn()) != null) {
				throw new IllegalArgumentException("steps has \"%s\" twice".formatted(step.name()));
			}
		}
	}

	static void check(List<StepTemplate> steps) {
		DependencyGraph graph = new DependencyGraph(steps);
		graph.requireKnownSteps();
		graph.requireNoCycle();
	}

	private void requireKnownSteps() {
		this.dependencies.forEach((step, parents) -> parents.forEach((parent) -> {
			if (!this.dependencies.containsKey(parent)) {
				throw new IllegalArgumentException(
						"Step \"%s\" depends on \"%s\", which is no step of the template".formatted(step, parent));
			}
		}));
	}

	// Steps that wait for none of the rest are taken away until there are no more.
	private void requireNoCycle() {
		Map<String, List<String>> rest = new LinkedHashMap<>(this.dependencies);
		while (rest.values().removeIf((parents) -> parents.stream().noneMatch(rest::containsKey))) {
			continue;
		}
		if (!rest.isEmpty()) {
			throw new DependencyCycleException(cycle(rest));
		}
	}

	// Each step of the rest has a parent there, so this comes back to where it has been.
	private static List<String> cycle(Map<String, List<String>> rest) {
		List<String> path = new ArrayList<>();
		String step = rest.keySet().iterator().next();
		while (!path.contains(step)) {
			path.add(step);
			step = rest.getOrDefault(step, List.of()).stream().filter(rest::containsKey).findFirst().orElseThrow();
		}
		path.add(step);
		return List.copyOf(path.subList(path.indexOf(step), path.size()));
	}

}
