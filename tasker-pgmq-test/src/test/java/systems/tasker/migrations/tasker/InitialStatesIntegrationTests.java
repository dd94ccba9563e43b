/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class InitialStatesIntegrationTests {

	private final TaskerSession session;

	InitialStatesIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void taskBeginsInPending() {
		TaskRows task = this.session.task("T");
		assertThat(initialize("task_state", task.uuid())).isOne();
		assertThat(this.session.rows("""
				select to_state, from_state, sort_key, most_recent, metadata, transition_metadata, processor_uuid,
				    test.seconds(created_at), test.seconds(updated_at)
				from tasker.task_transitions where task_uuid = ?
				""", task.uuid())).containsExactly("pending | - | 1 | t | {} | {} | - | 0 | 0");
	}

	@Test
	void taskBeginsOnce() {
		TaskRows task = this.session.task("T");
		assertThat(initialize("task_state", task.uuid())).isOne();
		assertThat(initialize("task_state", task.uuid())).isZero();
		this.session.transition(task, "pending", "initializing");
		assertThat(initialize("task_state", task.uuid())).isZero();
		assertThat(this.session.state(task)).isEqualTo("initializing");
	}

	@Test
	void taskWithOnlyOldTransitionsDoesNotBeginAgain() {
		TaskRows task = this.session.task("T").in("complete");
		this.session.update("update tasker.task_transitions set most_recent = false");
		assertThat(initialize("task_state", task.uuid())).isZero();
	}

	@Test
	void unknownTaskDoesNotBegin() {
		assertThat(initialize("task_state", UUID.randomUUID())).isZero();
		assertThat(initialize("task_state", null)).isZero();
		assertThat(initialize("step_states", UUID.randomUUID())).isZero();
		assertThat(initialize("step_states", null)).isZero();
	}

	@Test
	void stepsBeginInPending() {
		TaskRows task = this.session.task("T");
		task.step("a").step("b");
		this.session.task("other").step("a");
		assertThat(initialize("step_states", task.uuid())).isEqualTo(2);
		assertThat(this.session.rows("""
				select test.name(workflow_step_uuid), to_state, from_state, sort_key, most_recent, metadata,
				    test.seconds(created_at), test.seconds(updated_at)
				from tasker.workflow_step_transitions order by workflow_step_uuid
				""")).containsExactly("a | pending | - | 1 | t | {} | 0 | 0", "b | pending | - | 1 | t | {} | 0 | 0");
	}

	@Test
	void onlyStepsWithoutStateBegin() {
		TaskRows task = this.session.task("T");
		task.step("a").in("complete").step("b");
		assertThat(initialize("step_states", task.uuid())).isOne();
		assertThat(initialize("step_states", task.uuid())).isZero();
		task.step("c").step("d");
		assertThat(initialize("step_states", task.uuid())).isEqualTo(2);
		assertThat(this.session.state(task.step("a"))).isEqualTo("complete");
	}

	private int initialize(String what, UUID task) {
		return this.session.value(Integer.class, "select tasker.initialize_%s(?::uuid)".formatted(what), task);
	}

}
