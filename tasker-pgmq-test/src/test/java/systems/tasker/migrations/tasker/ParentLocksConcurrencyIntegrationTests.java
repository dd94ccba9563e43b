/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who works on a task or a step does not keep others from adding rows that refer to it,
 * nor is kept by them.
 */
@InEachTimeZone
class ParentLocksConcurrencyIntegrationTests {

	private final ConcurrentSessions sessions;

	private final TaskerSession first;

	private final TaskerSession second;

	private final TaskRows task;

	private final StepRows step;

	ParentLocksConcurrencyIntegrationTests(String zone) {
		this.sessions = new ConcurrentSessions(zone);
		this.first = this.sessions.open();
		this.task = this.first.task("T").in("waiting_for_retry", 3600);
		this.step = this.task.step("a").in("enqueued");
		this.first.task("other").step("b");
		this.first.commit();
		this.second = this.sessions.open();
		this.second.execute("set local lock_timeout = '2s'");
	}

	@AfterEach
	void drop() {
		this.sessions.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tasker.initialize_task_state('%s')", "tasker.initialize_step_states('%s')",
			"tasker.transition_task_state_atomic('%s', 'waiting_for_retry', 'enqueuing_steps', null)",
			"tasker.detect_and_transition_stale_tasks(false)" })
	void stepCanBeAddedToATaskThatIsWorkedOn(String call) {
		assertThat(this.first.rows("select * from " + call.formatted(this.task.uuid()))).isNotEmpty();
		assertThat(addStep(this.second)).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tasker.transition_step_state_atomic('%s', 'enqueued', 'in_progress')",
			"tasker.tasker_claim_and_execute_step('%s', null)" })
	void edgeCanBeAddedToAStepThatIsWorkedOn(String call) {
		assertThat(this.first.row("select * from " + call.formatted(this.step.uuid()))).startsWith("t");
		assertThat(addEdge(this.second)).isOne();
	}

	@Test
	void stepToWhichAnEdgeIsBeingAddedCanBeClaimed() {
		assertThat(addEdge(this.first)).isOne();
		assertThat(claim(this.second)).isTrue();
	}

	@Test
	void claimDoesNotWaitForDiscoveryThatHoldsTheTask() {
		this.task.in("waiting_for_retry").step("ready");
		this.first.commit();
		assertThat(this.first.rows("select test.task(task_uuid) from tasker.get_next_ready_tasks()"))
			.containsExactly("T");
		assertThat(claim(this.second)).isTrue();
	}

	private int addStep(TaskerSession session) {
		return session.update("""
				insert into tasker.workflow_steps (task_uuid, named_step_uuid, created_at, updated_at)
				select ?, named_step_uuid, test.at(0), test.at(0) from tasker.named_steps where name = 'b'
				""", this.task.uuid());
	}

	private int addEdge(TaskerSession session) {
		return session.update("""
				insert into tasker.workflow_step_edges (from_step_uuid, to_step_uuid, name, created_at, updated_at)
				select s.workflow_step_uuid, ?, 'provides', test.at(0), test.at(0)
				from tasker.workflow_steps s where s.workflow_step_uuid <> ?
				""", this.step.uuid(), this.step.uuid());
	}

	private boolean claim(TaskerSession session) {
		return session.isTrue("select claimed from tasker.tasker_claim_and_execute_step(?, null)", this.step.uuid());
	}

}
