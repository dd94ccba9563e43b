/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TaskTemplatesIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final TaskTemplates templates = this.workflows.tasker().templates();

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void templateIsFoundAsItWasSaved() {
		TaskTemplate template = new TaskTemplate("ns", "work", "1", "Does it", IdentityStrategy.CALLER_PROVIDED,
				Map.of("lifecycle", Map.of("max_waiting_for_retry_minutes", 7)), List.of(StepTemplate.of("z"),
						StepTemplate.of("b", "z").withMaxAttempts(9), StepTemplate.of("a", "b", "z").withoutRetry()));
		this.templates.save(template);
		assertThat(this.templates.find("ns", "work", "1")).contains(template);
		assertThat(this.templates.find("ns", "work", "2")).isEmpty();
		assertThat(this.workflows.row("""
				select tasker.calculate_staleness_threshold('waiting_for_retry', configuration), identity_strategy,
				  configuration #>> '{steps,1,dependencies,0}'
				from tasker.task_templates
				""")).isEqualTo("7 | caller_provided | z");
	}

	@Test
	void savingTwiceChangesNothing() {
		UUID first = this.templates.save(Workflows.diamond());
		String before = links();
		assertThat(this.templates.save(Workflows.diamond())).isEqualTo(first);
		assertThat(links()).isEqualTo(before).contains("a", "b", "c", "d");
		assertThat(this.workflows.count("task_namespaces")).isEqualTo(1);
		assertThat(this.workflows.count("named_steps")).isEqualTo(4);
		assertThat(this.workflows.count("named_tasks")).isEqualTo(1);
	}

	@Test
	void lastOneSavedWins() {
		UUID first = this.templates.save(Workflows.diamond());
		TaskTemplate changed = TaskTemplate
			.of("ns", "work", "1", StepTemplate.of("d").withMaxAttempts(1), StepTemplate.of("e", "d"))
			.withIdentityStrategy(IdentityStrategy.ALWAYS_UNIQUE)
			.withDescription("New");
		assertThat(this.templates.save(changed)).isEqualTo(first);
		assertThat(this.templates.find("ns", "work", "1")).contains(changed);
	}

	@Test
	void versionsAreTemplatesOfTheirOwn() {
		UUID first = this.templates.save(Workflows.diamond());
		assertThat(this.templates.save(TaskTemplate.of("ns", "work", "2", StepTemplate.of("a")))).isNotEqualTo(first);
		assertThat(this.templates.find("ns", "work", "1")).contains(Workflows.diamond());
	}

	@Test
	void tenThreadsSaveOneTemplate() throws Exception {
		List<Object> saved = Workflows.inTenThreads(() -> this.templates.save(Workflows.diamond()));
		assertThat(saved).hasSize(10).allMatch(UUID.class::isInstance);
		assertThat(saved.stream().distinct()).hasSize(1);
		assertThat(this.workflows.count("named_tasks_named_steps")).isEqualTo(4);
	}

	@Test
	void tenThreadsSaveTemplatesThatShareSteps() throws Exception {
		AtomicInteger version = new AtomicInteger();
		List<Object> saved = Workflows.inTenThreads(() -> {
			int own = version.incrementAndGet();
			StepTemplate[] steps = { StepTemplate.of("a"), StepTemplate.of("b"), StepTemplate.of("c") };
			StepTemplate[] turned = { steps[own % 3], steps[(own + 1) % 3], steps[(own + 2) % 3] };
			return this.templates.save(TaskTemplate.of("ns", "work", String.valueOf(own), turned));
		});
		assertThat(saved).hasSize(10).doesNotHaveDuplicates().allMatch(UUID.class::isInstance);
		assertThat(this.workflows.count("named_steps")).isEqualTo(3);
		assertThat(this.workflows.count("task_namespaces")).isEqualTo(1);
	}

	@Test
	void templateOfAnotherProgramIsRead() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b"));
		this.workflows.execute("""
				update tasker.named_tasks
				set configuration = '{"steps": [{"name": "b", "dependencies": ["a"], "handler": {"callable": "x"}}]}'
				""");
		assertThat(this.templates.find("ns", "work", "1")).hasValueSatisfying((template) -> {
			assertThat(template.configuration()).isEmpty();
			assertThat(template.steps()).containsExactlyInAnyOrder(StepTemplate.of("a"), StepTemplate.of("b", "a"));
		});
		this.workflows.execute("update tasker.named_tasks set configuration = null");
		assertThat(this.templates.find("ns", "work", "1").orElseThrow().steps())
			.containsExactlyInAnyOrder(StepTemplate.of("a"), StepTemplate.of("b"));
	}

	@Test
	void keysOfOtherProgramsSurviveASave() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b"), StepTemplate.of("gone"));
		this.workflows.execute("""
				update tasker.named_tasks set configuration = '{"x": 1, "steps": [{"name": "b", "dependencies": ["a"],
				  "handler": {"callable": "B"}}, {"name": "a", "retry": 9}, {"name": "gone", "handler": 1}]}'
				""");
		TaskTemplate found = this.templates.find("ns", "work", "1").orElseThrow();
		this.templates.save(TaskTemplate.of("ns", "work", "1", StepTemplate.of("a"), StepTemplate.of("b"))
			.withConfiguration(found.configuration()));
		assertThat(this.workflows.row("select configuration from tasker.named_tasks"))
			.isEqualTo("{\"x\": 1, \"steps\": [{\"name\": \"a\", \"retry\": 9, \"dependencies\": []}, "
					+ "{\"name\": \"b\", \"handler\": {\"callable\": \"B\"}, \"dependencies\": []}]}");
		this.workflows.execute("update tasker.named_tasks set configuration = '{\"steps\": \"a\"}'");
		this.workflows.template(StepTemplate.of("a"));
		assertThat(this.templates.find("ns", "work", "1").orElseThrow().steps()).containsExactly(StepTemplate.of("a"));
	}

	@Test
	void templateOfAnotherProgramWithACycleOrUnknownStepsIsRefused() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b"));
		this.workflows.execute("""
				update tasker.named_tasks set configuration =
				  '{"steps": [{"name": "a", "dependencies": ["b"]}, {"name": "b", "dependencies": ["a"]}]}'
				""");
		assertThatExceptionOfType(InvalidTemplateException.class).isThrownBy(() -> this.workflows.task())
			.withMessage("Task template ns/work 1 cannot be used as it is stored: "
					+ "Steps depend on each other in a circle: a after b after a");
		this.workflows.execute("""
				update tasker.named_tasks set configuration = '{"steps": [{"name": "x"}]}'
				""");
		assertThatExceptionOfType(InvalidTemplateException.class)
			.isThrownBy(() -> this.templates.find("ns", "work", "1"))
			.withMessageContaining("\"x\"");
		this.workflows.execute("""
				update tasker.named_tasks set configuration = '{"steps": "a"}'
				""");
		assertThatExceptionOfType(InvalidTemplateException.class)
			.isThrownBy(() -> this.templates.find("ns", "work", "1"))
			.withMessageContaining("no list");
		assertThat(this.workflows.count("tasks")).isZero();
	}

	@Test
	void limitThatIsNoIntegerIsRefusedInObjectsOfTheApplicationAndOfOtherPrograms() {
		record Limits(@JsonProperty("max_waiting_for_retry_minutes") Object waitingForRetry) {
		}
		this.templates.save(Workflows.diamond().withConfiguration(Map.of("lifecycle", new Limits(5))));
		assertThatIllegalArgumentException().isThrownBy(
				() -> this.templates.save(Workflows.diamond().withConfiguration(Map.of("lifecycle", new Limits(1.5)))))
			.withMessage("lifecycle.max_waiting_for_retry_minutes must be an integer of 32 bits, but is \"1.5\"");
		this.workflows.execute("""
				update tasker.named_tasks
				set configuration = '{"lifecycle": {"max_steps_in_process_minutes": "soon"}}'
				""");
		assertThatExceptionOfType(InvalidTemplateException.class).isThrownBy(() -> this.workflows.task())
			.withMessageContainingAll("ns/work 1", "max_steps_in_process_minutes", "\"soon\"");
	}

	// What is refused without need could not be used, what is accepted would end sweeps.
	@ParameterizedTest
	@ValueSource(strings = { "5", "-5", "\"5\"", "\" +5\\t\"", "null", "1e1", "2147483647", "2147483648", "1.5", "5.0",
			"\"\"", "\" \"", "\"1e1\"", "\"- 5\"", "\"5\u2003\"", "\"\u0665\"", "true", "[5]", "{\"a\": 5}" })
	void templateIsReadIfTheDatabaseCanReadItsLimits(String limit) {
		this.workflows.template(StepTemplate.of("a"));
		this.workflows.execute("""
				update tasker.named_tasks
				set configuration = jsonb_build_object('lifecycle', jsonb_build_object(
				  'max_waiting_for_retry_minutes', ?::jsonb))
				""", limit);
		boolean valid = this.workflows.row("""
				select coalesce(pg_input_is_valid(
				  configuration #>> '{lifecycle,max_waiting_for_retry_minutes}', 'integer'), true)
				from tasker.named_tasks
				""").equals("t");
		assertThat(isRead()).isEqualTo(valid);
	}

	private boolean isRead() {
		try {
			return this.templates.find("ns", "work", "1").isPresent();
		}
		catch (InvalidTemplateException ex) {
			return false;
		}
	}

	@Test
	void configurationThatCannotBeStoredIsNamed() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.templates.save(Workflows.diamond().withConfiguration(Map.of("x", "a\0"))))
			.withMessageStartingWith("configuration cannot be stored as JSON");
	}

	private String links() {
		return this.workflows.row("""
				select string_agg(concat_ws(' ', l.ntns_uuid, ns.name), ', ' order by ns.name)
				from tasker.named_tasks_named_steps l join tasker.named_steps ns using (named_step_uuid)
				""");
	}

}
