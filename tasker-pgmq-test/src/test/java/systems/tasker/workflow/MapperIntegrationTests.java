/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that workflows run and templates are stored as they are with any mapper of the
 * application.
 */
class MapperIntegrationTests {

	@ParameterizedTest
	@MethodSource
	void settingsOfTheApplicationChangeOnlyItsValues(String name, JsonMapper.Builder mapper) {
		try (Workflows workflows = new Workflows(true, mapper)) {
			TaskerDatabase tasker = workflows.tasker();
			TaskTemplate template = TaskTemplate
				.of("ns", "work", "1", StepTemplate.of("a"), StepTemplate.of("b", "a").withoutRetry())
				.withConfiguration(Map.of("x", List.of(2, 3)));
			tasker.templates().save(template);
			assertThat(tasker.templates().find("ns", "work", "1")).contains(template);
			UUID task = tasker.tasks().create(Workflows.request().context(List.of("c", "d")).tags("one").build());
			assertThat(workflows.row("select tags, context from tasker.tasks")).isEqualTo("[\"one\"] | [\"c\", \"d\"]");
			UUID step = workflows.step(task, "a");
			tasker.steps().enqueue(step);
			assertThat(tasker.work().claim(step, Workflows.WORKER).orElseThrow().context())
				.isEqualTo(List.of("c", "d"));
			assertThat(tasker.work().saveCheckpoint(step, 1, new Checkpoint(List.of("x", "y"), 1, null))).isTrue();
			tasker.work().report(Workflows.failure(step, true), 1, Workflows.WORKER);
			assertThat(tasker.steps().settle(step)).contains(StepState.WAITING_FOR_RETRY);
			workflows.execute("update tasker.workflow_steps set backoff_request_seconds = 0");
			tasker.steps().enqueue(step);
			assertThat(tasker.work().claim(step, Workflows.WORKER))
				.hasValueSatisfying((claimed) -> assertThat(StoredJson.at(claimed.checkpoint(), "cursor"))
					.isEqualTo(List.of("x", "y")));
			tasker.steps().completeManually(step, List.of(new BigDecimal("1.10"), 2));
			assertThat(workflows.readiness(task, "b").ready()).isTrue();
		}
	}

	// The list of MessageFormatTests, and what matters to reading.
	static Stream<Arguments> settingsOfTheApplicationChangeOnlyItsValues() {
		return Stream.of(Arguments.of("defaults", JsonMapper.builder()),
				Arguments.of("names",
						JsonMapper.builder()
							.propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
							.enable(MapperFeature.ALLOW_EXPLICIT_PROPERTY_RENAMING)),
				Arguments.of("nothing empty",
						JsonMapper.builder()
							.changeDefaultPropertyInclusion((any) -> JsonInclude.Value
								.construct(JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.NON_DEFAULT))),
				Arguments.of("strict",
						JsonMapper.builder()
							.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
									DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
									DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
							.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)),
				Arguments.of("numbers for dates",
						JsonMapper.builder().enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)),
				Arguments.of("nothing visible",
						JsonMapper.builder()
							.changeDefaultVisibility(
									(any) -> any.withVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE))),
				Arguments.of("numbers for enums", JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_USING_INDEX)),
				Arguments.of("unwrapped lists",
						JsonMapper.builder().enable(SerializationFeature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED)),
				Arguments.of("roots",
						JsonMapper.builder()
							.enable(SerializationFeature.WRAP_ROOT_VALUE)
							.enable(DeserializationFeature.UNWRAP_ROOT_VALUE)),
				Arguments.of("arrays",
						JsonMapper.builder().enable(DeserializationFeature.USE_JAVA_ARRAY_FOR_JSON_ARRAY)));
	}

}
