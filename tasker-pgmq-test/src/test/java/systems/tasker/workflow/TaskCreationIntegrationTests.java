/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigInteger;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;

import systems.tasker.messages.TaskRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TaskCreationIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final Tasks tasks = this.workflows.tasker().tasks();

	private UUID template;

	@BeforeEach
	void saveTemplate() {
		this.template = this.workflows.tasker().templates().save(Workflows.diamond());
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void rowOfTheTaskSaysWhatTheRequestSays() {
		UUID correlation = UUID.randomUUID();
		UUID parent = UUID.randomUUID();
		UUID task = this.tasks.create(Workflows.request()
			.context(Map.of("order", 42))
			.tags("x", "y")
			.priority(7)
			.requestedAt(LocalDateTime.parse("2024-01-01T12:00:00"))
			.correlationId(correlation)
			.parentCorrelationId(parent)
			.build());
		assertThat(this.workflows.row("""
				select named_task_uuid, complete, requested_at, completed_at, initiator, source_system, reason, tags,
				  context, priority, correlation_id, parent_correlation_id,
				  abs(extract(epoch from created_at - timezone('utc', now()))) < 60 and updated_at = created_at
				from tasker.tasks where task_uuid = ?
				""", task)).isEqualTo(
				"%s | f | 2024-01-01 12:00:00 | null | alice | shop | test | [\"x\", \"y\"] | {\"order\": 42} | 7 | %s | %s | t"
					.formatted(this.template, correlation, parent));
	}

	@Test
	void optionalValuesMayBeMissing() {
		UUID task = this.tasks.create(Workflows.request().context(null).build());
		assertThat(this.workflows.row("""
				select context, priority, parent_correlation_id, tags, correlation_id is not null from tasker.tasks
				where task_uuid = ?
				""", task)).isEqualTo("null | 0 | null | [] | t");
	}

	@Test
	void stepsAndEdgesAreThoseOfTheTemplateAndPending() {
		this.workflows.tasker()
			.templates()
			.save(TaskTemplate.of("ns", "work", "1", StepTemplate.of("a").withoutRetry(), StepTemplate.of("b", "a"),
					StepTemplate.of("c", "a").withMaxAttempts(8), StepTemplate.of("d", "b", "c")));
		UUID task = this.workflows.task();
		assertThat(this.workflows.rows("""
				select ns.name, s.retryable, s.max_attempts, tr.to_state, tr.sort_key
				from tasker.workflow_steps s join tasker.named_steps ns using (named_step_uuid)
				join tasker.workflow_step_transitions tr on tr.workflow_step_uuid = s.workflow_step_uuid
				where s.task_uuid = ? order by ns.name
				""", task)).containsExactly("a | f | 3 | pending | 1", "b | t | 3 | pending | 1",
				"c | t | 8 | pending | 1", "d | t | 3 | pending | 1");
		assertThat(this.workflows.rows("""
				select p.name, c.name, e.name from tasker.workflow_step_edges e
				join tasker.workflow_steps ps on ps.workflow_step_uuid = e.from_step_uuid
				join tasker.workflow_steps cs on cs.workflow_step_uuid = e.to_step_uuid
				join tasker.named_steps p on p.named_step_uuid = ps.named_step_uuid
				join tasker.named_steps c on c.named_step_uuid = cs.named_step_uuid
				where ps.task_uuid = ? and cs.task_uuid = ? order by 1, 2
				""", task, task)).containsExactly("a | b | provides", "a | c | provides", "b | d | provides",
				"c | d | provides");
		assertThat(this.workflows.taskHistory(task)).containsExactly("pending");
	}

	@Test
	void existingTaskKeepsItsStepsWhenTheTemplateChanges() {
		UUID task = this.workflows.task();
		this.workflows.template(StepTemplate.of("other"));
		assertThat(this.workflows.tasker().steps().readiness(task)).extracting(StepReadiness::name)
			.containsExactlyInAnyOrder("a", "b", "c", "d");
	}

	@Test
	void templateWithoutStepsMakesATaskWithoutSteps() {
		this.workflows.template();
		UUID task = this.workflows.task();
		assertThat(this.tasks.executionContext(task).totalSteps()).isZero();
	}

	// What the database hashes is written out here.
	@Test
	void hashIsThatOfTheCanonicalContext() {
		Map<String, Object> context = new LinkedHashMap<>();
		context.put("z", List.of(2, 1));
		context.put("\uD83D\uDE00", 1);
		context.put("\uFF5E", "é\"\n");
		context.put("a", Map.of("c", 1.5, "b", false));
		requireHash(this.tasks.create(Workflows.request().context(context).build()),
				"|context|{\"a\":{\"b\":false,\"c\":1.5},\"z\":[2,1],\"\uFF5E\":\"é\\\"\\n\",\"\uD83D\uDE00\":1}");
		requireHash(this.tasks.create(Workflows.request().context(null).build()), "|context|null");
		requireHash(this.tasks.create(Workflows.request().context(Map.of()).build()), "|context|{}");
		requireHash(this.tasks.create(Workflows.request().context("text").build()), "|context|\"text\"");
	}

	@ParameterizedTest
	@EnumSource
	void keyCountsBeforeTheStrategy(IdentityStrategy strategy) {
		this.workflows.tasker().templates().save(Workflows.diamond().withIdentityStrategy(strategy));
		UUID task = this.tasks.create(Workflows.request().idempotencyKey("Order é").build());
		requireHash(task, "|key|Order é");
		assertThatExceptionOfType(DuplicateTaskException.class)
			.isThrownBy(() -> this.tasks
				.create(Workflows.request().context(Map.of("another", 1)).idempotencyKey("Order é").build()))
			.satisfies((ex) -> assertThat(ex.taskUuid()).isEqualTo(task))
			.withMessageContaining(task.toString());
	}

	@Test
	void sameContextIsADuplicateWhateverItsOrder() {
		Map<String, Object> context = new LinkedHashMap<>(Map.of("a", 1));
		context.put("b", 2);
		Map<String, Object> turned = new LinkedHashMap<>(Map.of("b", 2));
		turned.put("a", 1);
		UUID task = this.tasks.create(Workflows.request().context(context).build());
		assertThatExceptionOfType(DuplicateTaskException.class)
			.isThrownBy(() -> this.tasks.create(Workflows.request().context(turned).build()))
			.satisfies((ex) -> assertThat(ex.taskUuid()).isEqualTo(task));
		assertThat(this.tasks.create(Workflows.request().context(Map.of("a", 1)).build())).isNotEqualTo(task);
	}

	@Test
	void sameContextOfAnotherTemplateIsAnotherTask() {
		this.workflows.tasker().templates().save(TaskTemplate.of("ns", "other", "1"));
		UUID task = this.tasks.create(Workflows.request().build());
		assertThat(this.tasks
			.create(TaskRequest.builder("other", "ns", "1").initiator("a").sourceSystem("b").reason("c").build()))
			.isNotEqualTo(task);
	}

	@Test
	void uniqueTasksHaveUuidsOfVersionSevenForAHash() {
		this.workflows.tasker()
			.templates()
			.save(Workflows.diamond().withIdentityStrategy(IdentityStrategy.ALWAYS_UNIQUE));
		UUID first = this.tasks.create(Workflows.request().build());
		UUID second = this.tasks.create(Workflows.request().build());
		assertThat(first).isNotEqualTo(second);
		assertThat(this.workflows.rows("select identity_hash from tasker.tasks")).hasSize(2)
			.doesNotHaveDuplicates()
			.allMatch((hash) -> UUID.fromString(hash).version() == 7);
	}

	@Test
	void keyIsRequiredWhereTheTemplateSaysSo() {
		this.workflows.tasker()
			.templates()
			.save(Workflows.diamond().withIdentityStrategy(IdentityStrategy.CALLER_PROVIDED));
		assertThatExceptionOfType(IdempotencyKeyRequiredException.class)
			.isThrownBy(() -> this.tasks.create(Workflows.request().build()));
		assertThat(this.workflows.count("tasks")).isZero();
	}

	@Test
	void tenThreadsCreateOneTask() throws Exception {
		List<Object> outcomes = Workflows.inTenThreads(() -> this.tasks.create(Workflows.request().build()));
		List<UUID> created = outcomes.stream().filter(UUID.class::isInstance).map(UUID.class::cast).toList();
		assertThat(created).hasSize(1);
		assertThat(outcomes.stream().filter((outcome) -> !(outcome instanceof UUID))).hasSize(9)
			.allSatisfy((outcome) -> assertThat(outcome).isInstanceOfSatisfying(DuplicateTaskException.class,
					(ex) -> assertThat(ex.taskUuid()).isEqualTo(created.get(0))));
		assertThat(this.workflows.count("tasks")).isEqualTo(1);
		assertThat(this.workflows.count("workflow_steps")).isEqualTo(4);
		assertThat(this.workflows.count("workflow_step_edges")).isEqualTo(4);
	}

	@Test
	void callerOfADuplicateCanGoOnAndCommit() {
		UUID task = this.tasks.create(Workflows.request().build());
		UUID other = this.workflows.transaction().execute((status) -> {
			assertThatExceptionOfType(DuplicateTaskException.class)
				.isThrownBy(() -> this.tasks.create(Workflows.request().build()))
				.satisfies((ex) -> assertThat(ex.taskUuid()).isEqualTo(task));
			return this.tasks.create(Workflows.request().context("other").build());
		});
		assertThat(this.workflows.rows("select task_uuid::text from tasker.tasks"))
			.containsExactlyInAnyOrder(task.toString(), other.toString());
	}

	@Test
	void nothingIsLeftOfATaskThatCannotBeCreated() {
		failOnEdges();
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.tasks.create(Workflows.request().build()))
			.withStackTraceContaining("no edges today");
		assertThat(this.workflows.count("tasks")).isZero();
		assertThat(this.workflows.count("workflow_steps")).isZero();
	}

	@Test
	void callerOfAFailedCreationCanGoOnAndCommitNothingOfIt() {
		failOnEdges();
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> this.tasks.create(Workflows.request().build()));
			this.workflows.template();
		});
		assertThat(this.workflows.count("tasks")).isZero();
		assertThat(this.workflows.tasker().templates().find("ns", "work", "1").orElseThrow().steps()).isEmpty();
	}

	@Test
	void badInputIsNamed() {
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.tasks
				.create(TaskRequest.builder("work", "ns", "9").initiator("a").sourceSystem("b").reason("c").build()))
			.withMessage("Task template ns/work 9 does not exist");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().initiator("x".repeat(129)).build()))
			.withMessage("initiator must have at most 128 characters, but has 129");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().sourceSystem("x".repeat(129)).build()))
			.withMessageStartingWith("sourceSystem");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().reason("\0").build()))
			.withMessageStartingWith("reason");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().context("\0").build()))
			.withMessageStartingWith("context cannot be stored as JSON");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().context("\uD83D").build()))
			.withMessageStartingWith("context cannot be stored as JSON");
		assertThatIllegalArgumentException().isThrownBy(() -> this.tasks.create(Workflows.request().tags("\0").build()))
			.withMessageStartingWith("tags cannot be stored as JSON");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().idempotencyKey(" ").build()))
			.withMessage("idempotencyKey must not be blank");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().idempotencyKey("\uD800").build()))
			.withMessage("idempotencyKey must not contain half of a surrogate pair");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tasks.create(Workflows.request().context(BigInteger.TEN.pow(1500)).build()))
			.withMessageStartingWith("context cannot be stored as JSON");
		assertThatIllegalArgumentException().isThrownBy(() -> this.tasks.create(null))
			.withMessage("request must not be null");
	}

	private void failOnEdges() {
		this.workflows.execute("""
				create function public.fail() returns trigger language plpgsql
				as $$ begin raise exception 'no edges today'; end $$
				""");
		this.workflows.execute("""
				create trigger fail before insert on tasker.workflow_step_edges
				for each row execute function public.fail()
				""");
	}

	private void requireHash(UUID task, String text) {
		assertThat(this.workflows.row("""
				select identity_hash = encode(sha256(convert_to(?::uuid || ?, 'UTF8')), 'hex') from tasker.tasks
				where task_uuid = ?
				""", this.template, text, task)).isEqualTo("t");
	}

}
