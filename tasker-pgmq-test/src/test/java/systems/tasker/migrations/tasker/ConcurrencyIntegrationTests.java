/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class ConcurrencyIntegrationTests {

	private final ConcurrentSessions sessions;

	private final TaskerSession first;

	private final TaskerSession second;

	ConcurrencyIntegrationTests(String zone) {
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
		assertThat(transition(this.first, task, "pending", "initializing")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> transition(session, task, "pending", "cancelled"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
		assertThat(history(task)).containsExactly("pending", "initializing");
	}

	@Test
	void transitionFromAStateThatIsJustBeingMadeWaitsAndIsFalse() {
		TaskRows task = this.first.task("T").in("pending");
		this.first.commit();
		assertThat(transition(this.first, task, "pending", "initializing")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> transition(session, task, "initializing", "enqueuing_steps"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
		assertThat(transition(this.second, task, "initializing", "enqueuing_steps")).isTrue();
	}

	@Test
	void transitionToCompleteIsSeenAsOne() {
		TaskRows task = this.first.task("T").in("evaluating_results");
		this.first.commit();
		assertThat(transition(this.first, task, "evaluating_results", "complete")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> transition(session, task, "evaluating_results", "complete"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
	}

	@Test
	void secondTransitionWinsWhenTheFirstIsRolledBack() {
		TaskRows task = this.first.task("T").in("pending");
		this.first.commit();
		assertThat(transition(this.first, task, "pending", "initializing")).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> transition(session, task, "pending", "cancelled"));
		this.first.rollback();
		assertThat(ConcurrentSessions.result(other)).isTrue();
		this.second.commit();
		assertThat(history(task)).containsExactly("pending", "cancelled");
	}

	@Test
	void stepTransitionsWaitLikeThoseOfTasks() {
		StepRows step = this.first.task("T").step("a").in("pending");
		StepRows other = step.step("b").in("pending");
		this.first.commit();
		assertThat(transition(this.first, step, "pending", "enqueued")).isTrue();
		assertThat(transition(this.second, other, "pending", "enqueued")).isTrue();
		CompletableFuture<Boolean> same = this.sessions.waiting(this.second,
				(session) -> transition(session, step, "enqueued", "in_progress"));
		this.first.commit();
		assertThat(ConcurrentSessions.result(same)).isFalse();
		this.second.commit();
		assertThat(transition(this.first, step, "enqueued", "cancelled")).isTrue();
		same = this.sessions.waiting(this.second, (session) -> transition(session, step, "enqueued", "in_progress"));
		this.first.rollback();
		assertThat(ConcurrentSessions.result(same)).isTrue();
	}

	@Test
	void holderOfTheTaskAndATransitionDoNotDeadlock() {
		TaskRows task = this.first.task("T").in("steps_in_process");
		this.first.commit();
		this.first.execute("select from tasker.tasks where task_uuid = ? for no key update", task.uuid());
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> transition(session, task, "steps_in_process", "evaluating_results"));
		assertThat(transition(this.first, task, "steps_in_process", "evaluating_results")).isTrue();
		assertThat(transition(this.first, task, "evaluating_results", "complete")).isTrue();
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
	}

	@Test
	void resultOfAWorkerDoesNotWaitForTheHolderOfTheTask() {
		StepRows step = this.first.task("T").step("a").in("in_progress");
		this.first.commit();
		this.first.execute("select from tasker.tasks for no key update");
		assertThat(transition(this.second, step, "in_progress", "enqueued_for_orchestration")).isTrue();
		assertThat(this.second.rows("select from tasker.workflow_step_result_audit")).hasSize(1);
	}

	@Test
	void loserUnderRepeatableReadRepeatsItsTransaction() {
		TaskRows task = this.first.task("T").in("pending");
		this.first.commit();
		this.second.execute("set transaction isolation level repeatable read");
		this.second.execute("select from tasker.tasks");
		assertThat(transition(this.first, task, "pending", "initializing")).isTrue();
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
			if (transition(session, task, "pending", "initializing")) {
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

	@Test
	void secondWorkerHearsAtOnceThatTheStepIsTaken() {
		StepRows step = this.first.task("T").step("a").in("enqueued");
		this.first.commit();
		assertThat(claim(this.first, step.uuid())).isTrue();
		assertThat(claim(this.second, step.uuid())).isFalse();
		this.first.rollback();
		assertThat(claim(this.second, step.uuid())).isTrue();
		this.second.commit();
		assertThat(claim(this.first, step.uuid())).isFalse();
	}

	@Test
	void lockedStepIsNotClaimed() {
		StepRows step = this.first.task("T").step("a").in("enqueued");
		this.first.commit();
		this.first.execute("select from tasker.workflow_steps for no key update");
		assertThat(claim(this.second, step.uuid())).isFalse();
	}

	@Test
	void eachStepIsClaimedByOneOfTenWorkers() {
		TaskRows task = this.first.task("T");
		List<UUID> steps = new ArrayList<>();
		for (int step = 0; step < 40; step++) {
			steps.add(task.step("s" + step).in("enqueued").uuid());
		}
		this.first.commit();
		List<UUID> claimed = Collections.synchronizedList(new ArrayList<>());
		this.sessions.inParallel(10, (session) -> steps.forEach((step) -> {
			if (claim(session, step)) {
				claimed.add(step);
			}
			session.commit();
		}));
		assertThat(claimed).containsExactlyInAnyOrderElementsOf(steps);
		assertThat(this.first.rows("select distinct attempts from tasker.workflow_steps")).containsExactly("1");
	}

	@Test
	void openTransactionsAreOfferedDifferentTasks() {
		for (int priority = 1; priority <= 6; priority++) {
			this.first.task("T" + priority).in("pending").priority(priority);
		}
		this.first.commit();
		assertThat(discover(this.first, 2)).containsExactly("T6", "T5");
		assertThat(discover(this.second, 2)).containsExactly("T4", "T3");
		assertThat(discover(this.sessions.open(), 9)).containsExactly("T2", "T1");
		this.first.rollback();
		assertThat(discover(this.second, 9)).containsExactly("T6", "T5", "T4", "T3");
	}

	@Test
	void examinedTasksAreLockedAndThoseBehindThemAreNot() {
		this.first.task("busy").in("waiting_for_retry").priority(9).step("a").in("in_progress");
		this.first.task("ready").in("waiting_for_retry").priority(5).step("a");
		this.first.task("behind").in("pending").priority(1);
		this.first.commit();
		assertThat(discover(this.first, 1)).containsExactly("ready");
		assertThat(this.second.rows("select reason from tasker.tasks for update skip locked"))
			.containsExactly("behind");
	}

	@Test
	void taskToWhichRowsAreBeingAddedIsPassedOver() {
		TaskRows task = this.first.task("T1").in("pending").priority(9);
		this.first.task("T2").in("pending");
		this.first.commit();
		task.step("a");
		assertThat(discover(this.second, 5)).containsExactly("T2");
	}

	@Test
	void taskThatMovedSinceTheListWasMadeIsPassedOver() {
		TaskRows high = this.first.task("high").in("pending").priority(9);
		TaskRows low = this.first.task("low").in("pending").priority(1);
		this.first.commit();
		// The list is made when the context of the first task is asked for.
		this.first.execute("lock table tasker.workflow_steps in access exclusive mode");
		CompletableFuture<List<String>> discovery = this.sessions.waiting(this.second,
				(session) -> discover(session, 5));
		TaskerSession third = this.sessions.open();
		assertThat(transition(third, low, "pending", "initializing")).isTrue();
		third.commit();
		this.first.commit();
		assertThat(ConcurrentSessions.result(discovery)).containsExactly("high");
		assertThat(history(high)).containsExactly("pending");
	}

	@Test
	void eachTaskIsTakenByOneOfTenTakers() {
		for (int task = 0; task < 60; task++) {
			this.first.task("T" + task).in((task % 2 == 0) ? "pending" : "waiting_for_retry").step("a");
		}
		this.first.commit();
		List<String> taken = Collections.synchronizedList(new ArrayList<>());
		this.sessions.inParallel(10, (session) -> {
			while (taken.size() < 60) {
				List<String> tasks = session.rows("""
						select test.task(r.task_uuid), tasker.transition_task_state_atomic(
						    r.task_uuid, r.current_state,
						    case r.current_state when 'pending' then 'initializing' else 'enqueuing_steps' end, null)
						from tasker.get_next_ready_tasks(3) r
						""");
				session.commit();
				assertThat(tasks).allMatch((task) -> task.endsWith("| t"));
				taken.addAll(tasks);
			}
		});
		assertThat(taken).hasSize(60).doesNotHaveDuplicates();
	}

	@Test
	void secondStalenessRunFindsTheTasksMovedByTheFirst() {
		for (int task = 0; task < 3; task++) {
			this.first.task("T" + task).in("waiting_for_retry", 3600);
		}
		this.first.commit();
		assertThat(detect(this.first)).hasSize(3)
			.allMatch((row) -> row.endsWith("transitioned_to_dlq_and_error | t | t"));
		CompletableFuture<List<String>> other = this.sessions.waiting(this.second, ConcurrencyIntegrationTests::detect);
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).hasSize(3)
			.allMatch((row) -> row.endsWith("transition_failed | f | f"));
		this.second.commit();
		assertThat(detect(this.second)).isEmpty();
		assertThat(this.second.rows("select from tasker.tasks_dlq")).hasSize(3);
	}

	@Test
	void taskThatMovedOnInTheMeantimeHasAnEntryOnly() {
		TaskRows task = this.first.task("T").in("waiting_for_retry", 3600);
		this.first.commit();
		assertThat(transition(this.first, task, "waiting_for_retry", "enqueuing_steps")).isTrue();
		CompletableFuture<List<String>> detection = this.sessions.waiting(this.second,
				ConcurrencyIntegrationTests::detect);
		this.first.commit();
		assertThat(ConcurrentSessions.result(detection)).containsExactly("T | moved_to_dlq_only | t | f");
	}

	@Test
	void taskThatGotAnEntryInTheMeantimeIsMovedOnly() {
		TaskRows task = this.first.task("T").in("waiting_for_retry", 3600);
		this.first.commit();
		this.first.execute("select tasker.create_dlq_entry(?, 'ns', 't', 'pending', 1, 1)", task.uuid());
		CompletableFuture<List<String>> detection = this.sessions.waiting(this.second,
				ConcurrencyIntegrationTests::detect);
		this.first.commit();
		assertThat(ConcurrentSessions.result(detection)).containsExactly("T | transitioned_to_error_only | f | t");
	}

	@Test
	void stalenessRunLocksTasksInTheOrderOfTheirUuids() {
		TaskRows low = this.first.task("low").in("waiting_for_retry", 3600);
		TaskRows high = this.first.task("high").in("waiting_for_retry", 7200);
		this.first.commit();
		String lock = "select from tasker.tasks where task_uuid = ? for no key update";
		this.first.execute(lock, low.uuid());
		CompletableFuture<List<String>> detection = this.sessions.waiting(this.second,
				ConcurrencyIntegrationTests::detect);
		// Would be a deadlock if the run had begun with the longest wait.
		this.first.execute(lock, high.uuid());
		this.first.commit();
		assertThat(ConcurrentSessions.result(detection)).containsExactly("high | transitioned_to_dlq_and_error | t | t",
				"low | transitioned_to_dlq_and_error | t | t");
	}

	@Test
	void dryRunWaitsForNobody() {
		this.first.task("T").in("waiting_for_retry", 3600);
		this.first.commit();
		this.first.execute("select from tasker.tasks for update");
		assertThat(this.second.rows("select * from tasker.detect_and_transition_stale_tasks()")).hasSize(1);
	}

	@Test
	void secondEntryWaitsForTheFirst() {
		TaskRows task = this.first.task("T");
		this.first.commit();
		String create = "select tasker.create_dlq_entry(?, 'ns', 't', 'pending', 1, 1) is not null";
		assertThat(this.first.isTrue(create, task.uuid())).isTrue();
		CompletableFuture<Boolean> other = this.sessions.waiting(this.second,
				(session) -> session.isTrue(create, task.uuid()));
		this.first.commit();
		assertThat(ConcurrentSessions.result(other)).isFalse();
	}

	private static boolean transition(TaskerSession session, TaskRows task, String from, String to) {
		return session.isTrue("select tasker.transition_task_state_atomic(?, ?, ?, null)", task.uuid(), from, to);
	}

	private static boolean transition(TaskerSession session, StepRows step, String from, String to) {
		return session.isTrue("select tasker.transition_step_state_atomic(?, ?, ?)", step.uuid(), from, to);
	}

	private List<String> history(TaskRows task) {
		return this.first.rows("select to_state from tasker.task_transitions where task_uuid = ? order by sort_key",
				task.uuid());
	}

	private static boolean claim(TaskerSession session, UUID step) {
		return session.isTrue("select claimed from tasker.tasker_claim_and_execute_step(?, null)", step);
	}

	private static List<String> discover(TaskerSession session, int limit) {
		return session.rows("select test.task(task_uuid) from tasker.get_next_ready_tasks(?)", limit);
	}

	private static List<String> detect(TaskerSession session) {
		return session.rows("""
				select test.task(task_uuid), action_taken, moved_to_dlq, transition_success
				from tasker.detect_and_transition_stale_tasks(false)
				""");
	}

}
