/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

	@ParameterizedTest
	@MethodSource
	void limitOfStalenessThatIsNoIntegerIsNamed(Object limit) {
		for (String key : List.of("max_waiting_for_dependencies_minutes", "max_waiting_for_retry_minutes",
				"max_steps_in_process_minutes")) {
			assertThatIllegalArgumentException().isThrownBy(() -> template().withConfiguration(lifecycle(key, limit)))
				.withMessage("lifecycle.%s must be an integer of 32 bits, but is \"%s\"", key, limit);
		}
	}

	static Stream<Object> limitOfStalenessThatIsNoIntegerIsNamed() {
		return Stream.of(1.5, 5.0, new BigDecimal("5.0"), Double.NaN, 2147483648L, BigInteger.TWO.pow(64), true, "",
				"1.5", "-2147483649", "ten", "\u0665", "\u20035", List.of(5), Map.of("minutes", 5));
	}

	@ParameterizedTest
	@MethodSource
	void limitOfStalenessIsAnIntegerOrItsTextOrNothing(Object limit) {
		Map<String, Object> configuration = lifecycle("max_waiting_for_retry_minutes", limit);
		assertThat(template().withConfiguration(configuration).configuration()).isEqualTo(configuration);
	}

	static Stream<Object> limitOfStalenessIsAnIntegerOrItsTextOrNothing() {
		return Stream.of(null, 0, -1, (short) 5, 2147483647L, BigInteger.TEN, new BigDecimal("5"), "11", " +11 ",
				"-2147483648", "0000000000011");
	}

	@Test
	void whatIsNoLimitOfStalenessIsNotLookedAt() {
		assertThat(template().withConfiguration(Map.of("lifecycle", 1.5)).configuration()).hasSize(1);
		assertThat(template().withConfiguration(lifecycle("note", 1.5)).configuration()).hasSize(1);
	}

	private static Map<String, Object> lifecycle(String key, Object value) {
		return Map.of("lifecycle", Collections.singletonMap(key, value));
	}

	@Test
	void dependencyCountsOnce() {
		assertThat(StepTemplate.of("b", "a", "a").dependsOn()).containsExactly("a");
	}

	private static TaskTemplate template(StepTemplate... steps) {
		return TaskTemplate.of("ns", "n", "1", steps);
	}

}
