/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatesIntegrationTests {

	private final Workflows workflows = new Workflows();

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void statesAreThoseOfTheMatrix() {
		assertThat(Arrays.stream(TaskState.values()).map(TaskState::sqlName))
			.containsExactlyInAnyOrderElementsOf(states("task"));
		assertThat(Arrays.stream(StepState.values()).map(StepState::sqlName))
			.containsExactlyInAnyOrderElementsOf(states("step"));
	}

	@Test
	void everyNameLeadsBackToItsState() {
		assertThat(TaskState.values()).allMatch((state) -> TaskState.of(state.sqlName()) == state);
		assertThat(StepState.values()).allMatch((state) -> StepState.of(state.sqlName()) == state);
	}

	@Test
	void finalTasksHaveNoEdgeOut() {
		List<String> left = this.workflows
			.rows("select distinct from_state from tasker.state_edges() where machine = 'task'");
		assertThat(TaskState.values()).allMatch((state) -> state.isFinal() != left.contains(state.sqlName()));
	}

	@Test
	void finalStepsAreThoseThatCannotBeCancelled() {
		List<String> cancellable = this.workflows.rows("""
				select from_state from tasker.state_edges() where machine = 'step' and to_state = 'cancelled'
				""");
		assertThat(StepState.values()).allMatch((state) -> state.isFinal() != cancellable.contains(state.sqlName()));
	}

	@Test
	void otherEnumsAreThoseOfTheDatabase() {
		assertThat(Arrays.stream(IdentityStrategy.values()).map(IdentityStrategy::sqlName))
			.containsExactlyElementsOf(labels("identity_strategy"));
		assertThat(Arrays.stream(DlqReason.values()).map(DlqReason::sqlName))
			.containsExactlyElementsOf(labels("dlq_reason"));
		List<String> resolutions = labels("dlq_resolution_status");
		assertThat(resolutions).startsWith("pending");
		assertThat(Arrays.stream(DlqResolution.values()).map(DlqResolution::sqlName))
			.containsExactlyElementsOf(resolutions.subList(1, resolutions.size()));
	}

	private List<String> states(String machine) {
		return this.workflows.rows("""
				select from_state from tasker.state_edges() where machine = ?
				union select to_state from tasker.state_edges() where machine = ?
				""", machine, machine);
	}

	private List<String> labels(String type) {
		return this.workflows.rows("""
				select enumlabel from pg_enum where enumtypid = ('tasker.' || ?)::regtype order by enumsortorder
				""", type);
	}

}
