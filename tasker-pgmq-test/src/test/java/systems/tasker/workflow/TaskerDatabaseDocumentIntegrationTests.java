/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.messages.StepMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what {@code docs/tasker-database.md} says.
 */
class TaskerDatabaseDocumentIntegrationTests {

	private final Workflows workflows = new Workflows();

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void allTablesAreListed() throws IOException {
		String tables = section("Tables");
		assertThat(matches("\\|[^|]*\\| `([a-z_]+)` \\|", tables))
			.containsExactlyInAnyOrderElementsOf(this.workflows.rows("""
					select relname from pg_class
					where relnamespace = 'tasker'::regnamespace and relkind = 'r' and relname not like 'flyway%'
					  and relname not like '%history%'
					"""));
	}

	// What the document has to say is written to target.
	@Test
	void diagramShowsTheForeignKeys() throws IOException {
		String diagram = this.workflows.rows("""
				select format('    %s ||--o{ %s : %s', t.relname, f.relname, string_agg(a.attname, '_'))
				from pg_constraint k
				join pg_class f on f.oid = k.conrelid
				join pg_class t on t.oid = k.confrelid
				join pg_attribute a on a.attrelid = f.oid and a.attnum = any (k.conkey)
				where k.contype = 'f' and f.relnamespace = 'tasker'::regnamespace
				group by k.oid, f.relname, t.relname order by t.relname, f.relname, 1
				""").stream().collect(Collectors.joining("\n", "```mermaid\nerDiagram\n", "\n```"));
		Files.writeString(Path.of("target", "tasker-database-diagram.md"), diagram);
		assertThat(document()).contains(diagram);
	}

	@Test
	void functionsAndViewsExist() throws IOException {
		List<String> names = matches("`([a-z_]+)`", section("Functions by question")).stream()
			.filter((name) -> !List.of("metadata", "p_dry_run").contains(name))
			.toList();
		assertThat(names).hasSizeGreaterThan(25).isSubsetOf(this.workflows.rows("""
				select proname from pg_proc where pronamespace = 'tasker'::regnamespace
				union select relname from pg_class where relnamespace = 'tasker'::regnamespace and relkind = 'v'
				"""));
	}

	@Test
	void sqlRuns() throws IOException {
		this.workflows.tasker().templates().save(Workflows.diamond());
		UUID task = this.workflows.task();
		UUID step = this.workflows.step(task, "a");
		this.workflows.tasker().steps().enqueue(step);
		List<String> blocks = matches("```sql\\n(.*?)```", document());
		assertThat(blocks).hasSize(12);
		List<List<Map<String, Object>>> answers = blocks.stream()
			.limit(8)
			.map((block) -> JdbcClient.create(this.workflows.dataSource())
				.sql(block)
				.param("task", task)
				.param("step", step)
				.param("worker", Workflows.WORKER)
				.query()
				.listOfRows())
			.toList();
		assertThat(answers.get(0)).hasSize(4);
		assertThat(answers.get(1)).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("execution_status", "processing"));
		assertThat(answers.get(2)).isEmpty();
		assertThat(answers.get(3)).hasSize(1);
		assertThat(answers.get(6)).singleElement().satisfies((row) -> assertThat(row).containsEntry("claimed", true));
		assertThat(answers.get(7)).singleElement().satisfies((row) -> assertThat(row).containsValue(true));
		assertThat(JdbcClient.create(this.workflows.dataSource())
			.sql(blocks.get(2))
			.param("task", task)
			.query()
			.listOfRows()).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("name", "a")
				.containsEntry("worker", Workflows.WORKER.toString()));
	}

	@Test
	void sqlForTheDlqWorksAnEntry() throws IOException {
		this.workflows.template();
		UUID task = this.workflows.task();
		this.workflows.walk(task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES);
		this.workflows.execute("update tasker.task_transitions set created_at = created_at - interval '75 minutes'");
		List<String> blocks = matches("```sql\\n(.*?)```", document().split("## The DLQ\n", 2)[1]);
		JdbcClient jdbc = JdbcClient.create(this.workflows.dataSource());
		assertThat(jdbc.sql(blocks.get(0)).query().singleRow()).containsEntry("task_uuid", task);
		this.workflows.tasker().deadLetters().sweep(StalenessLimits.defaults());
		assertThat(jdbc.sql(blocks.get(0)).query().listOfRows()).isEmpty();
		Map<String, Object> entry = jdbc.sql(blocks.get(2)).query().singleRow();
		assertThat(entry).containsEntry("task_uuid", task).containsEntry("current_state", "waiting_for_dependencies");
		assertThat(jdbc.sql(blocks.get(3)).param("entry", entry.get("dlq_entry_uuid")).query().singleRow())
			.containsEntry("task_uuid", task);
		assertThat(jdbc.sql(blocks.get(2)).query().listOfRows()).isEmpty();
		assertThat(this.workflows.count("tasks_dlq where resolution_status = 'manually_resolved'")).isOne();
	}

	@Test
	void sqlForTheDlqFindsTheTemplateThatEndsEverySweep() throws IOException {
		this.workflows.template();
		UUID task = this.workflows.task();
		this.workflows.walk(task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES);
		this.workflows.tasker()
			.templates()
			.save(TaskTemplate.of("ns", "other", "1")
				.withConfiguration(Map.of("lifecycle", Map.of("max_waiting_for_retry_minutes", 5))));
		String sql = matches("```sql\\n(.*?)```", document().split("## The DLQ\n", 2)[1]).get(1);
		JdbcClient jdbc = JdbcClient.create(this.workflows.dataSource());
		assertThat(jdbc.sql(sql).query().listOfRows()).isEmpty();
		this.workflows.execute(
				"""
						update tasker.named_tasks set configuration = '{"lifecycle": {"max_waiting_for_dependencies_minutes": 1.5}}'
						where name = 'work'
						""");
		assertThatException().isThrownBy(() -> this.workflows.tasker().deadLetters().sweep(StalenessLimits.defaults()))
			.havingRootCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("22P02"));
		assertThat(jdbc.sql(sql).query().singleRow()).isEqualTo(Map.of("namespace", "ns", "name", "work", "version",
				"1", "key", "max_waiting_for_dependencies_minutes", "value", "1.5"));
	}

	@Test
	void exampleIsTheCodeOfThisTest() throws IOException {
		String code = Files
			.readString(Path.of("src", "test", "java", "systems", "tasker", "workflow", "OrderWorkflow.java"));
		assertThat(matches("```java\\n(.*?)```", document())).hasSize(1).allMatch(code::contains);
	}

	@Test
	void exampleFulfilsAnOrderThoughTheBankIsClosedAtFirst() {
		Deque<StepMessage> queue = new ArrayDeque<>();
		OrderWorkflow orders = new OrderWorkflow(this.workflows.tasker(), queue::add);
		orders.saveTemplate();
		UUID task = orders.order(42);
		assertThat(orders.order(42)).isEqualTo(task);
		assertThat(orders.goOn(task)).isEqualTo(TaskState.STEPS_IN_PROCESS);
		assertThat(orders.goOn(task)).isEqualTo(TaskState.STEPS_IN_PROCESS);
		assertThat(workOff(queue, orders)).isEqualTo(TaskState.WAITING_FOR_RETRY);
		orders.sweep();
		assertThat(queue).isEmpty();
		this.workflows
			.execute("update tasker.workflow_steps set last_attempted_at = last_attempted_at - interval '1 h'");
		orders.sweep();
		assertThat(queue).hasSize(1);
		assertThat(workOff(queue, orders)).isEqualTo(TaskState.COMPLETE);
		assertThat(this.workflows.taskHistory(task)).containsSubsequence("waiting_for_retry", "enqueuing_steps",
				"steps_in_process", "complete");
		assertThat(this.workflows.readiness(task, "charge").attempts()).isEqualTo(2);
	}

	@Test
	void exampleFulfilsAnOrderThoughMessagesAndWorkersAreLost() {
		Deque<StepMessage> queue = new ArrayDeque<>();
		OrderWorkflow orders = new OrderWorkflow(this.workflows.tasker(), queue::add);
		orders.saveTemplate();
		UUID task = orders.order(42);
		orders.goOn(task);
		queue.clear();
		orders.sweep();
		assertThat(queue).isEmpty();
		letMinutesPass(2);
		orders.sweep();
		assertThat(queue).hasSize(1);
		orders.work(queue.remove());
		orders.sweep();
		assertThat(queue).isEmpty();
		letMinutesPass(2);
		orders.sweep();
		assertThat(queue).hasSize(2);
		assertThat(workOff(queue, orders)).isEqualTo(TaskState.WAITING_FOR_RETRY);
		letMinutesPass(31);
		orders.sweep();
		assertThat(queue).hasSize(1);
		UUID charge = queue.remove().stepUuid();
		this.workflows.tasker().work().claim(charge, Workflows.WORKER);
		letMinutesPass(9);
		orders.sweep();
		assertThat(this.workflows.state(charge)).isEqualTo("in_progress");
		letMinutesPass(2);
		orders.sweep();
		assertThat(this.workflows.state(charge)).isEqualTo("waiting_for_retry");
		letMinutesPass(25);
		orders.sweep();
		assertThat(workOff(queue, orders)).isEqualTo(TaskState.COMPLETE);
		assertThat(this.workflows.readiness(task, "charge").attempts()).isEqualTo(3);
	}

	private void letMinutesPass(int minutes) {
		String earlier = " - interval '%d minutes'".formatted(minutes);
		for (String table : List.of("task_transitions", "workflow_step_transitions")) {
			this.workflows.execute("update tasker." + table + " set created_at = created_at" + earlier);
		}
		this.workflows.execute("update tasker.workflow_steps set last_attempted_at = last_attempted_at" + earlier);
	}

	private static TaskState workOff(Deque<StepMessage> queue, OrderWorkflow orders) {
		TaskState state = null;
		while (!queue.isEmpty()) {
			StepMessage message = queue.remove();
			orders.work(message);
			state = orders.settle(message.stepUuid());
		}
		return state;
	}

	@Test
	void numbersCountAsTheyAreSpelled() {
		this.workflows.template();
		UUID task = this.workflows.tasker().tasks().create(Workflows.request().context(1).build());
		assertThat(this.workflows.tasker().tasks().create(Workflows.request().context(1.0).build())).isNotEqualTo(task);
	}

	@Test
	void stepWithoutRetryThatReportsARetryableFailureIsNeverReady() {
		this.workflows.template(StepTemplate.of("a").withoutRetry());
		UUID task = this.workflows.task();
		UUID step = this.workflows.step(task, "a");
		this.workflows.work(step);
		this.workflows.tasker().work().report(Workflows.failure(step, true), 1, Workflows.WORKER);
		assertThat(this.workflows.tasker().steps().settle(step)).contains(StepState.WAITING_FOR_RETRY);
		assertThat(this.workflows.readiness(task, "a").retryEligible()).isFalse();
	}

	private static String section(String title) throws IOException {
		return matches("## " + title + "\\n(.*?)\\n## ", document()).get(0);
	}

	private static String document() throws IOException {
		return Files.readString(Path.of("..", "docs", "tasker-database.md"));
	}

	private static List<String> matches(String pattern, String text) {
		return Pattern.compile(pattern, Pattern.DOTALL)
			.matcher(text)
			.results()
			.map((MatchResult match) -> match.group(1))
			.distinct()
			.toList();
	}

}
