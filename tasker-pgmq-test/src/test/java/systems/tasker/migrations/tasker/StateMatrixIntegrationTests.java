/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StateMatrixIntegrationTests {

	private static final String TRANSITION_TASK = "select tasker.transition_task_state_atomic(?, ?, ?, null)";

	private static final String TRANSITION_STEP = "select tasker.transition_step_state_atomic(?, ?, ?)";

	private final TaskerSession session;

	StateMatrixIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void matrixIsThatOfTheCatalog() {
		Contract contract = Contract.load();
		assertThat(this.session.rows("select machine, from_state, to_state from tasker.state_edges()"))
			.containsExactlyInAnyOrderElementsOf(contract.edges());
		assertThat(contract.edges()).filteredOn((edge) -> edge.startsWith("task")).hasSize(35);
		assertThat(contract.edges()).filteredOn((edge) -> edge.startsWith("step")).hasSize(43);
	}

	@Test
	void taskTakesTheEdgesOfTheMatrixAndNoOther() {
		List<String> states = Contract.load().states("task");
		List<String> allowed = new ArrayList<>();
		for (String from : states) {
			TaskRows task = this.session.task("T").in(from);
			for (String to : states) {
				this.session.execute("savepoint before");
				if (Contract.load().edges().contains("task | %s | %s".formatted(from, to))) {
					assertThat(this.session.transition(task, from, to)).isTrue();
					assertThat(this.session.state(task)).isEqualTo(to);
					allowed.add(to);
				}
				else {
					assertForbidden(this.session.error(TRANSITION_TASK, task.uuid(), from, to), "task", task.uuid(),
							from, to);
				}
				this.session.execute("rollback to savepoint before");
			}
		}
		assertThat(states).hasSize(12);
		assertThat(allowed).hasSize(35);
	}

	@Test
	void stepTakesTheEdgesOfTheMatrixAndNoOther() {
		List<String> states = Contract.load().states("step");
		List<String> allowed = new ArrayList<>();
		TaskRows task = this.session.task("T");
		for (String from : states) {
			StepRows step = task.step(from).in(from);
			for (String to : states) {
				this.session.execute("savepoint before");
				if (Contract.load().edges().contains("step | %s | %s".formatted(from, to))) {
					assertThat(this.session.transition(step, from, to)).isTrue();
					assertThat(this.session.state(step)).isEqualTo(to);
					allowed.add(to);
				}
				else {
					assertForbidden(this.session.error(TRANSITION_STEP, step.uuid(), from, to), "step", step.uuid(),
							from, to);
				}
				this.session.execute("rollback to savepoint before");
			}
		}
		assertThat(states).hasSize(10);
		assertThat(allowed).hasSize(43);
	}

	@Test
	void forbiddenEdgeIsAnErrorBeforeAnyRowIsRead() {
		UUID unknown = UUID.randomUUID();
		assertForbidden(this.session.error(TRANSITION_TASK, unknown, "complete", "pending"), "task", unknown,
				"complete", "pending");
		assertForbidden(this.session.error(TRANSITION_STEP, unknown, "complete", "pending"), "step", unknown,
				"complete", "pending");
	}

	@Test
	void unknownStateIsAnErrorLikeAForbiddenEdge() {
		TaskRows task = this.session.task("T").in("pending");
		StepRows step = task.step("a").in("pending");
		assertForbidden(this.session.error(TRANSITION_TASK, task.uuid(), "pending", "started"), "task", task.uuid(),
				"pending", "started");
		assertForbidden(this.session.error(TRANSITION_STEP, step.uuid(), "skipped", "complete"), "step", step.uuid(),
				"skipped", "complete");
	}

	@Test
	void toStateOfNullIsShownAsNull() {
		TaskRows task = this.session.task("T").in("pending");
		assertForbidden(
				this.session.error("select tasker.transition_task_state_atomic(?, 'pending', null, null)", task.uuid()),
				"task", task.uuid(), "pending", "NULL");
		assertForbidden(this.session.error("select tasker.transition_step_state_atomic(null, 'pending', null)"), "step",
				null, "pending", "NULL");
	}

	@Test
	void fromStateOfNullIsFalseAndNothingElseIsChecked() {
		TaskRows task = this.session.task("T").in("pending");
		assertThat(this.session.transition(task, null, "no state")).isFalse();
		assertThat(this.session.transition(task.step("a").in("pending"), null, "no state")).isFalse();
	}

	private void assertForbidden(ServerErrorMessage error, String machine, UUID uuid, String from, String to) {
		assertThat(error.getSQLState()).isEqualTo("23514");
		assertThat(error.getConstraint()).isEqualTo("state_edges");
		assertThat(error.getMessage()).isEqualTo("%s %s: transition %s -> %s is not allowed", machine,
				(uuid != null) ? uuid : "NULL", from, to);
	}

}
