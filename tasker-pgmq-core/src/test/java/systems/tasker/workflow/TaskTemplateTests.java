/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TaskTemplateTests {

	@Test
	void cycleIsNamed() {
		assertThatExceptionOfType(DependencyCycleException.class)
			.isThrownBy(() -> template(StepTemplate.of("start"), StepTemplate.of("a", "start", "c"),
					StepTemplate.of("b", "a"), StepTemplate.of("c", "b"), StepTemplate.of("end", "c")))
			.withMessage("Steps depend on each other in a circle: a after c after b after a")
			.satisfies((ex) -> assertThat(ex.cycle()).containsExactly("a", "c", "b", "a"));
	}

	@Test
	void stepThatDependsOnItselfIsACycle() {
		assertThatExceptionOfType(DependencyCycleException.class).isThrownBy(() -> template(StepTemplate.of("a", "a")))
			.satisfies((ex) -> assertThat(ex.cycle()).containsExactly("a", "a"));
	}

	@Test
	void longChainIsNoCycle() {
		List<StepTemplate> steps = new ArrayList<>(List.of(StepTemplate.of("s0")));
		for (int i = 1; i < 2000; i++) {
			steps.add(StepTemplate.of("s" + i, "s" + (i - 1)));
		}
		assertThat(template(steps.toArray(StepTemplate[]::new)).steps()).hasSize(2000);
	}

	@Test
	void unknownDependencyAndSecondStepOfANameAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> template(StepTemplate.of("a", "b")))
			.withMessage("Step \"a\" depends on \"b\", which is no step of the template");
		assertThatIllegalArgumentException().isThrownBy(() -> template(StepTemplate.of("a"), StepTemplate.of("a")))
			.withMessage("steps has \"a\" twice");
	}

	@Test
	void badTextsAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> TaskTemplate.of(" ", "n", "1"))
			.withMessage("namespace must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> TaskTemplate.of("ns", "n".repeat(65), "1"))
			.withMessage("name must have at most 64 characters, but has 65");
		assertThatIllegalArgumentException().isThrownBy(() -> TaskTemplate.of("ns", "n", "1".repeat(17)))
			.withMessage("version must have at most 16 characters, but has 17");
		assertThatIllegalArgumentException().isThrownBy(() -> TaskTemplate.of("ns", "n\0", "1"))
			.withMessage("name must not contain the character U+0000");
		assertThatIllegalArgumentException().isThrownBy(() -> template().withDescription("d".repeat(256)))
			.withMessage("description must have at most 255 characters, but has 256");
		assertThatIllegalArgumentException().isThrownBy(() -> StepTemplate.of("s".repeat(129)))
			.withMessage("step name must have at most 128 characters, but has 129");
		assertThatIllegalArgumentException().isThrownBy(() -> StepTemplate.of("s").withMaxAttempts(-1))
			.withMessage("maxAttempts must not be negative, but is -1");
	}

	@Test
	void charactersAreCountedAsTheDatabaseDoes() {
		assertThat(TaskTemplate.of("ns", "\uD83D\uDE00".repeat(64), "1").name()).hasSize(128);
	}

	@Test
	void configurationHasNoStepsOfItsOwn() {
		assertThatIllegalArgumentException().isThrownBy(() -> template().withConfiguration(Map.of("steps", List.of())))
			.withMessage("configuration must not have the key \"steps\"");
	}

	@Test
	void dependencyCountsOnce() {
		assertThat(StepTemplate.of("b", "a", "a").dependsOn()).containsExactly("a");
	}

	private static TaskTemplate template(StepTemplate... steps) {
		return TaskTemplate.of("ns", "n", "1", steps);
	}

}
