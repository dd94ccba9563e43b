/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The diamond A → B, C → D at twelve stages of its life, and all that is said of it.
 */
@InEachTimeZone
class DiamondIntegrationTests {

	/**
	 * Stage, transitions of the task, conditions of A, B, C and D.
	 */
	private static final String STAGES = """
			00 | - | none | none | none | none
			01 | pending 600 | new | new | new | new
			02 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588 | A-1 | new | new | new
			03 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588 | A-2 | new | new | new
			04 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588 | A-3 | new | new | new
			05 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588, evaluating_results 1 | A-4 | new | new | new
			09 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588, waiting_for_retry 9 | A-4 | B-1 | C-1 | new
			10 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588, waiting_for_retry 9 | A-4 | B-2 | C-1 | new
			15 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588 | A-4 | B-3 | C-1 | new
			22 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588 | A-4 | B-4 | C-1 | new
			23 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588, waiting_for_dependencies 9 | A-4 | B-5 | C-1 | new
			24 | pending 600, initializing 590, enqueuing_steps 589, steps_in_process 588, evaluating_results 1 | A-4 | B-5 | C-1 | D-1
			""";

	/**
	 * Stage, step, state, dependencies_satisfied, retry_eligible, ready_for_execution,
	 * last_failure_at, next_retry_at, completed and total parents, attempts,
	 * backoff_request_seconds, last_attempted_at; times in seconds from now.
	 */
	private static final String READINESS = """
			00 | A | pending | t | t | t | - | - | 0/0 | 0 | - | -
			00 | B | pending | f | t | f | - | - | 0/1 | 0 | - | -
			00 | C | pending | f | t | f | - | - | 0/1 | 0 | - | -
			00 | D | pending | f | t | f | - | - | 0/2 | 0 | - | -
			01 | A | pending | t | t | t | - | - | 0/0 | 0 | - | -
			01 | B | pending | f | t | f | - | - | 0/1 | 0 | - | -
			01 | C | pending | f | t | f | - | - | 0/1 | 0 | - | -
			01 | D | pending | f | t | f | - | - | 0/2 | 0 | - | -
			02 | A | enqueued | t | t | f | - | - | 0/0 | 0 | - | -
			02 | B | pending | f | t | f | - | - | 0/1 | 0 | - | -
			02 | C | pending | f | t | f | - | - | 0/1 | 0 | - | -
			02 | D | pending | f | t | f | - | - | 0/2 | 0 | - | -
			03 | A | in_progress | t | t | f | - | - | 0/0 | 1 | - | -5
			03 | B | pending | f | t | f | - | - | 0/1 | 0 | - | -
			03 | C | pending | f | t | f | - | - | 0/1 | 0 | - | -
			03 | D | pending | f | t | f | - | - | 0/2 | 0 | - | -
			04 | A | enqueued_for_orchestration | t | t | f | - | - | 0/0 | 1 | - | -5
			04 | B | pending | f | t | f | - | - | 0/1 | 0 | - | -
			04 | C | pending | f | t | f | - | - | 0/1 | 0 | - | -
			04 | D | pending | f | t | f | - | - | 0/2 | 0 | - | -
			05 | A | complete | t | t | f | - | - | 0/0 | 1 | - | -65
			05 | B | pending | t | t | t | - | - | 1/1 | 0 | - | -
			05 | C | pending | t | t | t | - | - | 1/1 | 0 | - | -
			05 | D | pending | f | t | f | - | - | 0/2 | 0 | - | -
			09 | A | complete | t | t | f | - | - | 0/0 | 1 | - | -65
			09 | B | waiting_for_retry | t | t | f | - | 20 | 1/1 | 1 | 30 | -10
			09 | C | complete | t | t | f | - | - | 1/1 | 1 | - | -13
			09 | D | pending | f | t | f | - | - | 1/2 | 0 | - | -
			10 | A | complete | t | t | f | - | - | 0/0 | 1 | - | -65
			10 | B | waiting_for_retry | t | t | t | - | 0 | 1/1 | 1 | 30 | -30
			10 | C | complete | t | t | f | - | - | 1/1 | 1 | - | -13
			10 | D | pending | f | t | f | - | - | 1/2 | 0 | - | -
			15 | A | complete | t | t | f | - | - | 0/0 | 1 | - | -65
			15 | B | error | t | t | f | -1 | 1 | 1/1 | 1 | - | -15
			15 | C | complete | t | t | f | - | - | 1/1 | 1 | - | -13
			15 | D | pending | f | t | f | - | - | 1/2 | 0 | - | -
			22 | A | complete | t | t | f | - | - | 0/0 | 1 | - | -65
			22 | B | resolved_manually | t | f | f | -1 | 7 | 1/1 | 3 | - | -
			22 | C | complete | t | t | f | - | - | 1/1 | 1 | - | -13
			22 | D | pending | t | t | t | - | - | 2/2 | 0 | - | -
			23 | A | complete | t | t | f | - | - | 0/0 | 1 | - | -65
			23 | B | complete | t | t | f | - | - | 1/1 | 1 | - | -14
			23 | C | complete | t | t | f | - | - | 1/1 | 1 | - | -13
			23 | D | pending | t | t | t | - | - | 2/2 | 0 | - | -
			24 | A | complete | t | t | f | - | - | 0/0 | 1 | - | -65
			24 | B | complete | t | t | f | - | - | 1/1 | 1 | - | -14
			24 | C | complete | t | t | f | - | - | 1/1 | 1 | - | -13
			24 | D | complete | t | t | f | - | - | 2/2 | 1 | - | -7
			""";

	/**
	 * Stage, status, steps (total, pending, in progress, completed, failed, ready,
	 * enqueued), execution_status, recommended_action, percentage, health, offered.
	 */
	private static final String CONTEXTS = """
			00 | pending | 4 4 0 0 0 1 0 | has_ready_steps | execute_ready_steps | 0.00 | healthy | no
			01 | pending | 4 4 0 0 0 1 0 | has_ready_steps | execute_ready_steps | 0.00 | healthy | yes
			02 | steps_in_process | 4 3 0 0 0 0 1 | processing | wait_for_completion | 0.00 | healthy | no
			03 | steps_in_process | 4 3 1 0 0 0 0 | processing | wait_for_completion | 0.00 | healthy | no
			04 | steps_in_process | 4 3 0 0 0 0 1 | processing | wait_for_completion | 0.00 | healthy | no
			05 | evaluating_results | 4 3 0 1 0 2 0 | has_ready_steps | execute_ready_steps | 25.00 | healthy | no
			09 | waiting_for_retry | 4 1 0 2 0 0 0 | waiting_for_dependencies | wait_for_dependencies | 50.00 | healthy | no
			10 | waiting_for_retry | 4 1 0 2 0 1 0 | has_ready_steps | execute_ready_steps | 50.00 | healthy | yes
			15 | steps_in_process | 4 1 0 2 1 0 0 | blocked_by_failures | handle_failures | 50.00 | blocked | no
			22 | steps_in_process | 4 1 0 3 0 1 0 | has_ready_steps | execute_ready_steps | 75.00 | healthy | no
			23 | waiting_for_dependencies | 4 1 0 3 0 1 0 | has_ready_steps | execute_ready_steps | 75.00 | healthy | yes
			24 | evaluating_results | 4 0 0 4 0 0 0 | all_complete | finalize_task | 100.00 | healthy | no
			""";

	private final TaskerSession session;

	DiamondIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	static Stream<String> stages() {
		return STAGES.lines().map((line) -> line.substring(0, 2));
	}

	@ParameterizedTest
	@MethodSource("stages")
	void readiness(String stage) {
		TaskRows task = diamond(stage);
		List<String> expected = expected(READINESS, stage);
		assertThat(expected).hasSize(4);
		assertThat(readiness(task, null)).isEqualTo(expected);
		assertThat(readiness(task, TaskerSession.array(task.step("D").uuid()))).isEqualTo(expected.subList(3, 4));
		assertThat(readiness(task, TaskerSession.array(task.step("A").uuid(), task.step("B").uuid())))
			.isEqualTo(expected.subList(0, 2));
		assertThat(readiness(task, "{}")).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("stages")
	void context(String stage) {
		TaskRows task = diamond(stage);
		String context = expected(CONTEXTS, stage).get(0);
		String contexts = "get_task_execution_contexts_batch(array[task_uuid, task_uuid])";
		for (String function : List.of("get_task_execution_context(task_uuid)",
				"get_task_execution_contexts_batch(array[task_uuid])", contexts)) {
			assertThat(this.session.rows("""
					select c.status, concat_ws(' ', c.total_steps, c.pending_steps, c.in_progress_steps,
					    c.completed_steps, c.failed_steps, c.ready_steps, c.enqueued_steps), c.execution_status,
					    c.recommended_action, c.completion_percentage, c.health_status
					from tasker.tasks cross join lateral tasker.%s c where tasks.task_uuid = ?
					""".formatted(function), task.uuid()))
				.containsExactly(context.substring(0, context.lastIndexOf(" | ")));
		}
	}

	@ParameterizedTest
	@MethodSource("stages")
	void discovery(String stage) {
		TaskRows task = diamond(stage);
		String[] context = expected(CONTEXTS, stage).get(0).split(" \\| ");
		String info = "diamond | fixture_ns | 5 | 5.1 | %s | %s".formatted(context[0], context[1].split(" ")[5]);
		boolean initialized = !stage.equals("00");
		String columns = "task_name, namespace_name, priority, trim_scale(computed_priority), current_state, ready_steps_count";
		assertThat(this.session.rows("select %s from tasker.get_task_ready_info(?)".formatted(columns), task.uuid()))
			.isEqualTo((initialized) ? List.of(info) : List.of());
		assertThat(this.session.rows("select %s from tasker.get_next_ready_tasks(5)".formatted(columns)))
			.isEqualTo((context[6].equals("yes")) ? List.of(info) : List.of());
		assertThat(this.session.row("select tasker.get_current_task_state(?)", task.uuid()))
			.isEqualTo((initialized) ? context[0] : "-");
	}

	@ParameterizedTest
	@MethodSource("stages")
	void graph(String stage) {
		TaskRows task = diamond(stage);
		assertThat(this.session.rows("""
				select test.name(workflow_step_uuid), dependency_level from tasker.calculate_dependency_levels(?)
				""", task.uuid())).containsExactly("A | 0", "B | 1", "C | 1", "D | 2");
		assertThat(this.session.rows(
				"""
						select d.step_name, d.distance, d.results is not distinct from s.results, d.processed = s.processed
						from tasker.get_step_transitive_dependencies(?) d join tasker.workflow_steps s using (workflow_step_uuid)
						order by d.distance, workflow_step_uuid
						""",
				task.step("D").uuid()))
			.containsExactly("B | 1 | t | t", "C | 1 | t | t", "A | 2 | t | t", "A | 2 | t | t");
		assertThat(this.session.rows("select * from tasker.get_step_transitive_dependencies(?)", task.step("A").uuid()))
			.isEmpty();
		assertThat(this.session.rows("""
				select test.name(workflow_step_uuid),
				    (select array_agg(test.name(u::uuid)) from jsonb_array_elements_text(parent_step_uuids) u),
				    (select array_agg(test.name(u::uuid)) from jsonb_array_elements_text(child_step_uuids) u),
				    parent_count, child_count, is_root_step, is_leaf_step, min_depth_from_root
				from tasker.step_dag_relationships where task_uuid = ? order by workflow_step_uuid
				""", task.uuid())).containsExactly("A | - | {B,C} | 0 | 2 | t | f | 0",
				"B | {A} | {D} | 1 | 1 | f | f | 1", "C | {A} | {D} | 1 | 1 | f | f | 1",
				"D | {B,C} | - | 2 | 0 | f | t | 2");
	}

	private TaskRows diamond(String stage) {
		TaskRows task = this.session.task("fixture_ns", "diamond", "T")
			.priority(5)
			.created(3600)
			.at("requested_at", 3600);
		task.step("A").step("B").after("A").step("C").after("A").step("D").after("B", "C");
		String[] conditions = expected(STAGES, stage).get(0).split(" \\| ");
		if (!conditions[0].equals("-")) {
			task.history(conditions[0]);
		}
		for (int step = 0; step < 4; step++) {
			put(task.step("ABCD".substring(step, step + 1)).at("created_at", 3600), conditions[step + 1]);
		}
		return task;
	}

	private static StepRows put(StepRows step, String condition) {
		String enqueued = "pending 600, enqueued 10";
		String failed = "pending 600, enqueued 20, in_progress 15, enqueued_as_error_for_orchestration 11";
		return switch (condition) {
			case "none" -> step;
			case "new" -> step.history("pending 600");
			case "A-1" -> step.history(enqueued);
			case "A-2" -> attempted(step, enqueued + ", in_progress 5", 5).set("in_process", true);
			case "A-3" -> attempted(step, enqueued + ", in_progress 5, enqueued_for_orchestration 1", 5).json("results",
					"{\"ok\": true}");
			case "A-4" -> complete(step, 70, 65, 61, 60);
			case "B-1" -> attempted(step, failed + ", waiting_for_retry 10", 10).set("backoff_request_seconds", 30);
			case "B-2" -> attempted(step, failed + ", waiting_for_retry 10", 30).set("backoff_request_seconds", 30);
			case "B-3" -> attempted(step, failed + ", error 1", 15);
			case "B-4" -> step.history(failed + ", error 1, resolved_manually 0.5")
				.set("attempts", 3)
				.set("processed", true)
				.at("processed_at", 1);
			case "B-5" -> complete(step, 19, 14, 10, 9);
			case "C-1" -> complete(step, 18, 13, 9, 8);
			case "D-1" -> complete(step, 12, 7, 3, 2);
			default -> throw new IllegalArgumentException(condition);
		};
	}

	private static StepRows attempted(StepRows step, String history, double lastAttempted) {
		return step.history(history).set("attempts", 1).at("last_attempted_at", lastAttempted);
	}

	private static StepRows complete(StepRows step, int enqueued, int inProgress, int reported, int complete) {
		String history = "pending 600, enqueued %d, in_progress %d, enqueued_for_orchestration %d, complete %d";
		return attempted(step, history.formatted(enqueued, inProgress, reported, complete), inProgress)
			.set("processed", true)
			.at("processed_at", complete)
			.json("results", "{\"ok\": true}");
	}

	private List<String> readiness(TaskRows task, String filter) {
		return this.session.rows("""
				select name, current_state, dependencies_satisfied, retry_eligible, ready_for_execution,
				    test.seconds(last_failure_at), test.seconds(next_retry_at),
				    completed_parents || '/' || total_parents, attempts, backoff_request_seconds,
				    test.seconds(last_attempted_at)
				from tasker.get_step_readiness_status(?, ?::uuid[]) where max_attempts = 3
				""", task.uuid(), filter);
	}

	/**
	 * Return the lines of a stage without its number.
	 */
	private static List<String> expected(String table, String stage) {
		return table.lines()
			.filter((line) -> line.startsWith(stage + " | "))
			.map((line) -> line.substring(stage.length() + 3))
			.toList();
	}

}
