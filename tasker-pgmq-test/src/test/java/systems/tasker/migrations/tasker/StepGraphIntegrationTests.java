/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StepGraphIntegrationTests {

	private final TaskerSession session;

	StepGraphIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void viewShowsTheNeighboursOfEachStep() {
		TaskRows task = diamond();
		assertThat(this.session.rows("""
				select test.name(workflow_step_uuid),
				    (select array_agg(test.name(u::uuid)) from jsonb_array_elements_text(parent_step_uuids) u),
				    (select array_agg(test.name(u::uuid)) from jsonb_array_elements_text(child_step_uuids) u),
				    parent_count, child_count, is_root_step, is_leaf_step, min_depth_from_root
				from tasker.step_dag_relationships where task_uuid = ? order by workflow_step_uuid
				""", task.uuid())).containsExactly("a | - | {b,c} | 0 | 2 | t | f | 0",
				"b | {a} | {d} | 1 | 1 | f | f | 1", "c | {a} | {d} | 1 | 1 | f | f | 1",
				"d | {b,c} | - | 2 | 0 | f | t | 2");
	}

	@Test
	void viewHasOneRowForAStepWithoutEdges() {
		StepRows step = this.session.task("T").step("a");
		assertThat(this.session.row("""
				select r.workflow_step_uuid, r.task_uuid, r.named_step_uuid = s.named_step_uuid,
				    parent_step_uuids, child_step_uuids, is_root_step, is_leaf_step, min_depth_from_root
				from tasker.step_dag_relationships r join tasker.workflow_steps s using (workflow_step_uuid)
				""")).isEqualTo("%s | %s | t | [] | [] | t | t | 0".formatted(step.uuid(), step.task().uuid()));
	}

	@Test
	void viewListsNeighboursOncePerEdge() {
		StepRows a = this.session.task("T").step("a");
		StepRows b = a.step("b").after("a").edge("a", "again");
		assertThat(this.session.rows("""
				select parent_step_uuids, child_step_uuids, parent_count, child_count, min_depth_from_root
				from tasker.step_dag_relationships order by workflow_step_uuid
				""")).containsExactly("[] | [\"%1$s\", \"%1$s\"] | 0 | 2 | 0".formatted(b.uuid()),
				"[\"%1$s\", \"%1$s\"] | [] | 2 | 0 | 1".formatted(a.uuid()));
	}

	@Test
	void neighboursAreOrderedByUuid() {
		TaskRows task = this.session.task("T");
		task.step("a").step("d");
		for (String middle : List.of("z", "y", "x")) {
			task.lowStep(middle).after("a");
			task.step("d").after(middle);
		}
		assertThat(this.session.rows("""
				select (select string_agg(test.name(u::uuid), '') from jsonb_array_elements_text(parent_step_uuids) u),
				    (select string_agg(test.name(u::uuid), '') from jsonb_array_elements_text(child_step_uuids) u)
				from tasker.step_dag_relationships where test.name(workflow_step_uuid) in ('a', 'd')
				order by workflow_step_uuid
				""")).containsExactly("- | xyz", "xyz | -");
		assertThat(dependencies(task.step("d"))).startsWith("x | 1", "y | 1", "z | 1");
	}

	@Test
	void depthIsThatOfTheShortestPath() {
		TaskRows task = this.session.task("T");
		task.step("a").step("b").after("a").step("c").after("b").step("d").after("c", "a");
		assertThat(depths()).containsExactly("a | 0", "b | 1", "c | 2", "d | 1");
	}

	@Test
	void depthsEndAtFifty() {
		chain(53);
		assertThat(depths()).hasSize(53).endsWith("s49 | 49", "s50 | 50", "s51 | -", "s52 | -");
	}

	@Test
	void depthsEndInACycle() {
		TaskRows task = this.session.task("T");
		task.step("s1").step("s2").after("s1").step("s3").after("s2");
		task.step("s2").after("s3");
		assertThat(depths()).containsExactly("s1 | 0", "s2 | 1", "s3 | 2");
	}

	@Test
	void pureCycleHasNeitherDepthNorRoot() {
		TaskRows task = this.session.task("T");
		task.step("s2").step("s3").after("s2");
		task.step("s2").after("s3");
		assertThat(depths()).containsExactly("s2 | -", "s3 | -");
		assertThat(this.session.rows("select is_root_step or is_leaf_step from tasker.step_dag_relationships"))
			.containsExactly("f", "f");
	}

	@Test
	void ancestorsComeOncePerPath() {
		assertThat(dependencies(diamond().step("d"))).containsExactly("b | 1", "c | 1", "a | 2", "a | 2");
	}

	@Test
	void parallelEdgesAreTwoPaths() {
		StepRows b = this.session.task("T").step("b").after("a").edge("a", "again");
		assertThat(dependencies(b)).containsExactly("a | 1", "a | 1");
	}

	@Test
	void ancestorsBringTheirResults() {
		TaskRows task = this.session.task("T");
		StepRows a = task.step("a").json("results", "{\"ok\": true}").set("processed", true);
		assertThat(this.session.row("""
				select workflow_step_uuid, task_uuid, step_name, results, processed
				from tasker.get_step_transitive_dependencies(?)
				""", task.step("b").after("a").uuid()))
			.isEqualTo("%s | %s | a | {\"ok\": true} | t".formatted(a.uuid(), task.uuid()));
	}

	@Test
	void rootAndUnknownStepHaveNoAncestors() {
		assertThat(dependencies(diamond().step("a"))).isEmpty();
		assertThat(this.session.rows("select * from tasker.get_step_transitive_dependencies(?)", UUID.randomUUID()))
			.isEmpty();
	}

	@Test
	void ancestorsEndAtDistanceFifty() {
		assertThat(dependencies(chain(60).step("s59"))).hasSize(50).endsWith("s9 | 50");
	}

	@Test
	void ancestorsEndInACycle() {
		TaskRows task = this.session.task("T");
		task.step("b").after("a");
		task.step("a").after("b");
		assertThat(dependencies(task.step("a"))).hasSize(50).startsWith("b | 1", "a | 2", "b | 3");
	}

	@Test
	void levelIsTheLengthOfTheLongestPath() {
		TaskRows task = diamond();
		task.step("e").after("a", "d").step("f");
		assertThat(levels(task)).containsExactly("a | 0", "f | 0", "b | 1", "c | 1", "d | 2", "e | 3");
	}

	@Test
	void levelsGoOnWhereDepthsEnd() {
		assertThat(levels(chain(70))).hasSize(70).endsWith("s69 | 69");
	}

	@Test
	void manyPathsAreWalkedOnce() {
		TaskRows task = this.session.task("T");
		for (int layer = 1; layer < 30; layer++) {
			for (int step = 0; step < 2; step++) {
				task.step(layer + "/" + step).after((layer - 1) + "/0", (layer - 1) + "/1");
			}
		}
		// 2^29 paths.
		assertThat(levels(task)).hasSize(60).endsWith("29/0 | 29", "29/1 | 29");
		assertThat(depths()).hasSize(60);
	}

	@Test
	void taskWithoutStepsAndUnknownTaskHaveNoLevels() {
		assertThat(levels(this.session.task("T"))).isEmpty();
		assertThat(this.session.rows("select * from tasker.calculate_dependency_levels(?)", UUID.randomUUID()))
			.isEmpty();
		assertThat(this.session.rows("select * from tasker.calculate_dependency_levels(null)")).isEmpty();
	}

	@Test
	void cycleBehindARootIsAnError() {
		TaskRows task = this.session.task("T");
		task.step("s1").step("s2").after("s1").step("s3").after("s2");
		task.step("s2").after("s3");
		assertCycle(task);
	}

	@Test
	void pureCycleIsAnError() {
		TaskRows task = this.session.task("T");
		task.step("s2").after("s3");
		task.step("s3").after("s2");
		assertCycle(task);
	}

	@Test
	void pureCycleBesideARootIsAnError() {
		TaskRows task = this.session.task("T");
		task.step("alone").step("s2").after("s3");
		task.step("s3").after("s2");
		assertCycle(task);
	}

	@Test
	void selfEdgeIsAnError() {
		TaskRows task = this.session.task("T");
		task.step("a").after("a");
		assertCycle(task);
		TaskRows behindRoot = this.session.task("T");
		behindRoot.step("b").after("a", "b");
		assertCycle(behindRoot);
	}

	@Test
	void edgeToAnotherTaskIsNoLevel() {
		TaskRows task = this.session.task("T");
		task.step("p").step("q").after("p");
		this.session.task("other").step("r").edge(task.step("p"), "provides");
		assertThat(levels(task)).containsExactly("p | 0", "q | 1");
	}

	@Test
	void edgeToAnotherTaskDoesNotHideACycle() {
		TaskRows task = this.session.task("T");
		task.step("p").step("q").after("q");
		this.session.task("other").step("r").edge(task.step("p"), "provides");
		assertCycle(task);
	}

	private void assertCycle(TaskRows task) {
		ServerErrorMessage error = this.session.error("select * from tasker.calculate_dependency_levels(?)",
				task.uuid());
		assertThat(error.getSQLState()).isEqualTo("22023");
		assertThat(error.getMessage()).isEqualTo("task %s: dependency cycle among its steps", task.uuid());
	}

	private TaskRows diamond() {
		TaskRows task = this.session.task("T");
		task.step("a").step("b").after("a").step("c").after("a").step("d").after("b", "c");
		return task;
	}

	private TaskRows chain(int length) {
		TaskRows task = this.session.task("T");
		task.step("s0");
		for (int step = 1; step < length; step++) {
			task.step("s" + step).after("s" + (step - 1));
		}
		return task;
	}

	private List<String> depths() {
		return this.session.rows("""
				select test.name(workflow_step_uuid), min_depth_from_root
				from tasker.step_dag_relationships order by workflow_step_uuid
				""");
	}

	private List<String> dependencies(StepRows step) {
		return this.session.rows("select step_name, distance from tasker.get_step_transitive_dependencies(?)",
				step.uuid());
	}

	private List<String> levels(TaskRows task) {
		return this.session.rows("""
				select test.name(workflow_step_uuid), dependency_level from tasker.calculate_dependency_levels(?)
				""", task.uuid());
	}

}
