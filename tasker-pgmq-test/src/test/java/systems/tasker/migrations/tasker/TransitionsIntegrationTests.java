/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class TransitionsIntegrationTests {

	private static final String TRANSITION_TASK = "select tasker.transition_task_state_atomic(?, ?, ?, null)";

	private static final String TRANSITION_STEP = "select tasker.transition_step_state_atomic(?, ?, ?)";

	private final TaskerSession session;

	TransitionsIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void taskInAnotherStateIsLeftAlone() {
		TaskRows task = this.session.task("T").in("initializing");
		assertThat(this.session.transition(task, "pending", "initializing")).isFalse();
		assertThat(count("task_transitions")).isOne();
	}

	@Test
	void stepInAnotherStateIsLeftAlone() {
		StepRows step = this.session.task("T").step("a").in("enqueued");
		assertThat(this.session.transition(step, "pending", "enqueued")).isFalse();
		assertThat(count("workflow_step_transitions")).isOne();
	}

	@Test
	void stateOfThePastDoesNotCount() {
		TaskRows task = this.session.task("T").history("pending 3, initializing 2");
		assertThat(this.session.transition(task, "pending", "initializing")).isFalse();
		assertThat(this.session.transition(task, "initializing", "enqueuing_steps")).isTrue();
	}

	@Test
	void unknownTaskAndTaskWithoutStateAreFalse() {
		assertThat(this.session.isTrue(TRANSITION_TASK, UUID.randomUUID(), "pending", "initializing")).isFalse();
		assertThat(this.session.transition(this.session.task("T"), "pending", "initializing")).isFalse();
		assertThat(count("task_transitions")).isZero();
	}

	@Test
	void unknownStepAndStepWithoutStateAreFalse() {
		assertThat(this.session.isTrue(TRANSITION_STEP, UUID.randomUUID(), "pending", "enqueued")).isFalse();
		assertThat(this.session.transition(this.session.task("T").step("a"), "pending", "enqueued")).isFalse();
		assertThat(count("workflow_step_transitions")).isZero();
	}

	@Test
	void taskTransitionAddsARowAndTakesTheFlagFromTheOld() {
		TaskRows task = this.session.task("T").in("pending", 600);
		UUID processor = UUID.randomUUID();
		assertThat(this.session.isTrue("""
				select tasker.transition_task_state_atomic(?, 'pending', 'initializing', ?, '{"why": "test"}')
				""", task.uuid(), processor)).isTrue();
		assertThat(this.session.rows("""
				select sort_key, most_recent, from_state, to_state, test.seconds(created_at), test.seconds(updated_at),
				    processor_uuid, metadata, transition_metadata
				from tasker.task_transitions order by sort_key
				""")).containsExactly("1 | f | - | pending | -600 | -600 | - | {} | {}",
				"2 | t | pending | initializing | 0 | 0 | %s | {} | {\"why\": \"test\"}".formatted(processor));
	}

	@Test
	void stepTransitionAddsARowAndTakesTheFlagFromTheOld() {
		StepRows step = this.session.task("T").step("a").in("pending", 600);
		assertThat(this.session.isTrue("""
				select tasker.transition_step_state_atomic(?, 'pending', 'enqueued', '{"why": "test"}')
				""", step.uuid())).isTrue();
		assertThat(this.session.rows("""
				select sort_key, most_recent, from_state, to_state, test.seconds(created_at), test.seconds(updated_at),
				    metadata
				from tasker.workflow_step_transitions order by sort_key
				""")).containsExactly("1 | f | - | pending | -600 | -600 | {}",
				"2 | t | pending | enqueued | 0 | 0 | {\"why\": \"test\"}");
	}

	@Test
	void metadataIsAnEmptyObjectByDefaultAndNullIsStoredAsNull() {
		TaskRows task = this.session.task("T").in("pending");
		StepRows step = task.step("a").in("pending");
		this.session.transition(task, "pending", "initializing");
		this.session.transition(step, "pending", "enqueued");
		this.session.execute("select tasker.transition_task_state_atomic(?, 'initializing', 'complete', null, null)",
				task.uuid());
		this.session.execute("select tasker.transition_step_state_atomic(?, 'enqueued', 'error', null)", step.uuid());
		assertThat(this.session.rows("select transition_metadata from tasker.task_transitions order by sort_key"))
			.containsExactly("{}", "{}", "-");
		assertThat(this.session.rows("select metadata from tasker.workflow_step_transitions order by sort_key"))
			.containsExactly("{}", "{}", "-");
	}

	@Test
	void sortKeyFollowsTheHighestOfAll() {
		TaskRows task = this.session.task("T").history("pending 2, initializing 1");
		this.session.update("update tasker.task_transitions set sort_key = 40 where sort_key = 1");
		this.session.transition(task, "initializing", "complete");
		assertThat(this.session.rows("select sort_key from tasker.task_transitions where most_recent"))
			.containsExactly("41");
	}

	@Test
	void sortKeyBelongsToOneTask() {
		this.session.task("T1").history("pending 2, initializing 1");
		TaskRows task = this.session.task("T2").in("pending");
		this.session.transition(task, "pending", "initializing");
		assertThat(this.session.rows("select sort_key from tasker.task_transitions where task_uuid = ? and most_recent",
				task.uuid()))
			.containsExactly("2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "initializing", "steps_in_process", "evaluating_results" })
	void completeSetsTheTimeOfCompletionAndNotTheFlag(String state) {
		TaskRows task = this.session.task("T").in(state, 60).at("updated_at", 60);
		assertThat(this.session.transition(task, state, "complete")).isTrue();
		assertThat(this.session.rows("""
				select test.seconds(completed_at), test.seconds(updated_at), complete from tasker.tasks
				""")).containsExactly("0 | 0 | f");
	}

	@ParameterizedTest
	@ValueSource(strings = { "error", "cancelled", "resolved_manually" })
	void otherTerminalStatesDoNotTouchTheTask(String state) {
		TaskRows task = this.session.task("T").in("steps_in_process", 60).at("updated_at", 60);
		this.session.transition(task, "steps_in_process", state);
		assertThat(this.session.rows("select completed_at, test.seconds(updated_at), complete from tasker.tasks"))
			.containsExactly("- | -60 | f");
	}

	@Test
	void stepTransitionDoesNotTouchTheStep() {
		StepRows step = this.session.task("T").step("a").in("in_progress", 60).at("updated_at", 60);
		String columns = "select to_jsonb(s) from tasker.workflow_steps s";
		String before = this.session.row(columns);
		this.session.transition(step, "in_progress", "complete");
		assertThat(this.session.row(columns)).isEqualTo(before);
	}

	@Test
	void finishedStepCanBeCompletedAgainByHand() {
		StepRows step = this.session.task("T").step("a").in("complete");
		assertThat(this.session.transition(step, "complete", "complete")).isTrue();
		assertThat(count("workflow_step_transitions")).isEqualTo(2);
	}

	@Test
	void currentStateIsNullWithoutATransition() {
		TaskRows task = this.session.task("T");
		assertThat(this.session.state(task)).isEqualTo("-");
		task.history("pending 3, initializing 2");
		assertThat(this.session.state(task)).isEqualTo("initializing");
		assertThat(this.session.row("select tasker.get_current_task_state(?)", UUID.randomUUID())).isEqualTo("-");
	}

	@ParameterizedTest
	@CsvSource({ "task_transitions, task_uuid, in_progress", "workflow_step_transitions, workflow_step_uuid, skipped" })
	void constraintsRefuseUnknownStatesAndTwoCurrentOnes(String table, String key, String unknownState) {
		this.session.task("T").in("pending").step("a").in("pending");
		String copy = """
				insert into tasker.%1$s (%2$s, from_state, to_state, sort_key, most_recent, created_at, updated_at)
				select %2$s, ?, ?, 2, ?, created_at, updated_at from tasker.%1$s
				""".formatted(table, key);
		ServerErrorMessage toState = this.session.error(copy, "pending", unknownState, false);
		assertThat(toState.getSQLState()).isEqualTo("23514");
		assertThat(toState.getConstraint()).isEqualTo("chk_%s_to_state".formatted(table));
		ServerErrorMessage fromState = this.session.error(copy, unknownState, "cancelled", false);
		assertThat(fromState.getSQLState()).isEqualTo("23514");
		assertThat(fromState.getConstraint()).isEqualTo("chk_%s_from_state".formatted(table));
		ServerErrorMessage twoCurrent = this.session.error(copy, "pending", "cancelled", true);
		assertThat(twoCurrent.getSQLState()).isEqualTo("23505");
		assertThat(twoCurrent.getConstraint()).isEqualTo("idx_%s_uuid_most_recent".formatted(table));
		assertThat(this.session.update(copy, "pending", "cancelled", false)).isOne();
	}

	private int count(String table) {
		return this.session.value(Integer.class, "select count(*) from tasker." + table);
	}

}
