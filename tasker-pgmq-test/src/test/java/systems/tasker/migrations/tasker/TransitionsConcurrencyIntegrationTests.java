/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class TransitionsConcurrencyIntegrationTests {

	private final ConcurrentSessions sessions;

	private final TaskerSession first;

	private final TaskerSession second;

	TransitionsConcurrencyIntegrationTests(String zone) {
		this.sessions = new ConcurrentSessions(zone);
		this.first = this.sessions.open();
		this.second = this.sessions.open();
	}

	@AfterEach
	void drop() {
		this.sessions.close();
	}

	@Test
	void secondTransitionWaitsAndIsFalse() {
		TaskRows task = this.first.task("T").in("pending");
		this.first.commit();
		assertThat(this.first.transition(task, "pending", "initializing")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> session.transition(task, "pending", "cancelled"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
		assertThat(this.first.history(task)).containsExactly("pending", "initializing");
	}

	@Test
	void transitionFromAStateThatIsJustBeingMadeWaitsAndIsFalse() {
		TaskRows task = this.first.task("T").in("pending");
		this.first.commit();
		assertThat(this.first.transition(task, "pending", "initializing")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> session.transition(task, "initializing", "enqueuing_steps"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
		assertThat(this.second.transition(task, "initializing", "enqueuing_steps")).isTrue();
	}

	@Test
	void transitionToCompleteIsSeenAsOne() {
		TaskRows task = this.first.task("T").in("evaluating_results");
		this.first.commit();
		assertThat(this.first.transition(task, "evaluating_results", "complete")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> session.transition(task, "evaluating_results", "complete"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
	}

	@Test
	void secondTransitionWinsWhenTheFirstIsRolledBack() {
		TaskRows task = this.first.task("T").in("pending");
		this.first.commit();
		assertThat(this.first.transition(task, "pending", "initializing")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> session.transition(task, "pending", "cancelled"));
		this.first.rollback();
		assertThat(ConcurrentSessions.result(other)).isTrue();
		this.second.commit();
		assertThat(this.first.history(task)).containsExactly("pending", "cancelled");
	}

	@Test
	void stepTransitionsWaitLikeThoseOfTasks() {
		StepRows step = this.first.task("T").step("a").in("pending");
		StepRows other = step.step("b").in("pending");
		this.first.commit();
		assertThat(this.first.transition(step, "pending", "enqueued")).isTrue();
		assertThat(this.second.transition(other, "pending", "enqueued")).isTrue();
		CompletableFuture<Boolean> same = this.sessions.waiting(this.second,
				(session) -> session.transition(step, "enqueued", "in_progress"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(same)).isFalse();
		this.second.commit();
		assertThat(this.first.transition(step, "enqueued", "cancelled")).isTrue();
		same = this.sessions.waiting(this.second, (session) -> session.transition(step, "enqueued", "in_progress"));
		this.first.rollback();
		assertThat(ConcurrentSessions.result(same)).isTrue();
	}

	@Test
	void holderOfTheTaskAndATransitionDoNotDeadlock() {
		TaskRows task = this.first.task("T").in("steps_in_process");
		this.first.commit();
		this.first.execute("select from tasker.tasks where task_uuid = ? for no key update", task.uuid());
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> session.transition(task, "steps_in_process", "evaluating_results"));
		assertThat(this.first.transition(task, "steps_in_process", "evaluating_results")).isTrue();
		assertThat(this.first.transition(task, "evaluating_results", "complete")).isTrue();
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
	}

	@Test
	void resultOfAWorkerDoesNotWaitForTheHolderOfTheTask() {
		StepRows step = this.first.task("T").step("a").in("in_progress");
		this.first.commit();
		this.first.execute("select from tasker.tasks for no key update");
		assertThat(this.second.transition(step, "in_progress", "enqueued_for_orchestration")).isTrue();
		assertThat(this.second.rows("select from tasker.workflow_step_result_audit")).hasSize(1);
	}

	@Test
	void loserUnderRepeatableReadRepeatsItsTransaction() {
		TaskRows task = this.first.task("T").in("pending");
		this.first.commit();
		this.second.execute("set transaction isolation level repeatable read");
		this.second.execute("select from tasker.tasks");
		assertThat(this.first.transition(task, "pending", "initializing")).isTrue();
		this.first.commit();
		assertThat(this.second
			.error("select tasker.transition_task_state_atomic(?, 'pending', 'initializing', null)", task.uuid())
			.getSQLState()).isEqualTo("40001");
	}

	@Test
	void eachEdgeIsTakenOnce() {
		List<TaskRows> tasks = new ArrayList<>();
		for (int task = 0; task < 40; task++) {
			tasks.add(this.first.task("T" + task).in("pending"));
		}
		this.first.commit();
		AtomicInteger wins = new AtomicInteger();
		this.sessions.inParallel(8, (session) -> tasks.forEach((task) -> {
			if (session.transition(task, "pending", "initializing")) {
				wins.incrementAndGet();
			}
			session.commit();
		}));
		assertThat(wins).hasValue(40);
		assertThat(this.first.rows("select from tasker.task_transitions")).hasSize(80);
	}

	@ParameterizedTest
	@ValueSource(strings = { "task", "step" })
	void stateBeginsOnce(String machine) {
		TaskRows task = this.first.task("T");
		task.step("a").step("b");
		this.first.commit();
		String call = "select tasker.initialize_%s(?)".formatted(machine.equals("task") ? "task_state" : "step_states");
		assertThat(this.first.value(Integer.class, call, task.uuid())).isEqualTo(machine.equals("task") ? 1 : 2);
		CompletableFuture<Integer> other = this.sessions.waiting(this.second,
				(session) -> session.value(Integer.class, call, task.uuid()));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isZero();
	}

}
