/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A thousand random tasks, compared with {@link TaskModel}. To repeat a run, set the
 * system property {@code tasker.test.seed} to the seed it reported.
 */
class RandomGraphsIntegrationTests {

	private final TaskerSession session = TaskerSession.open("America/New_York");

	private final long seed = Long.getLong("tasker.test.seed", System.nanoTime());

	private List<TaskModel> models;

	@BeforeEach
	void load(TestReporter reporter) {
		reporter.publishEntry("seed", Long.toString(this.seed));
		LocalDateTime now = this.session.value(LocalDateTime.class, "select test.at(0)");
		Random random = new Random(this.seed);
		List<RandomTask> tasks = Stream.generate(() -> RandomTask.create(random, now)).limit(1000).toList();
		this.models = tasks.stream()
			.map((task) -> new TaskModel(task, now))
			.sorted(Comparator.comparing((model) -> model.task().uuid().toString()))
			.toList();
		new RandomRows(this.session, now).insert(tasks);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void databaseAgreesWithTheModel() {
		String tasks = TaskerSession.array(this.models.stream().map((model) -> model.task().uuid()).toList());
		assertThat(this.session.rows("""
				select task_uuid, workflow_step_uuid, name, current_state, dependencies_satisfied, retry_eligible,
				    ready_for_execution, test.text(last_failure_at), test.text(next_retry_at), total_parents,
				    completed_parents, attempts, max_attempts, backoff_request_seconds, test.text(last_attempted_at)
				from tasker.get_step_readiness_status_batch(?::uuid[])
				""", tasks)).as("seed %d", this.seed).isEqualTo(all(TaskModel::readiness));

		assertThat(this.session.rows("""
				select t.uuid, l.workflow_step_uuid, l.dependency_level
				from unnest(?::uuid[]) with ordinality t (uuid, position)
				cross join lateral tasker.calculate_dependency_levels(t.uuid) with ordinality l
				order by t.position, l.ordinality
				""", tasks)).as("seed %d", this.seed).isEqualTo(all(TaskModel::levels));

		String columns = """
				task_uuid, status, total_steps, pending_steps, in_progress_steps, completed_steps, failed_steps,
				ready_steps, execution_status, recommended_action, completion_percentage, health_status, enqueued_steps
				""";
		List<String> contexts = all((model) -> List.of(model.context()));
		assertThat(this.session.rows("""
				select %s from tasker.get_task_execution_contexts_batch(?::uuid[]) order by task_uuid
				""".formatted(columns), tasks)).as("seed %d", this.seed).isEqualTo(contexts);
		assertThat(this.session.rows("""
				select c.* from unnest(?::uuid[]) with ordinality t (uuid, position)
				cross join lateral (select %s from tasker.get_task_execution_context(t.uuid)) c order by t.position
				""".formatted(columns), tasks)).as("seed %d", this.seed).isEqualTo(contexts);

		assertThat(this.session.rows("""
				select workflow_step_uuid, min_depth_from_root
				from tasker.step_dag_relationships where task_uuid = any (?::uuid[])
				order by task_uuid, workflow_step_uuid
				""", tasks)).as("seed %d", this.seed).isEqualTo(all(TaskModel::depths));
	}

	private List<String> all(Function<TaskModel, List<String>> rows) {
		return this.models.stream().map(rows).flatMap(List::stream).toList();
	}

}
