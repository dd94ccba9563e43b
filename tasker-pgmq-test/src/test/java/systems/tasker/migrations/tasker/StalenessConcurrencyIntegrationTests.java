/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StalenessConcurrencyIntegrationTests {

	private final ConcurrentSessions sessions;

	private final TaskerSession first;

	private final TaskerSession second;

	StalenessConcurrencyIntegrationTests(String zone) {
		this.sessions = new ConcurrentSessions(zone);
		this.first = this.sessions.open();
		this.second = this.sessions.open();
	}

	@AfterEach
	void drop() {
		this.sessions.close();
	}

	@Test
	void secondStalenessRunFindsTheTasksMovedByTheFirst() {
		for (int task = 0; task < 3; task++) {
			this.first.task("T" + task).in("waiting_for_retry", 3600);
		}
		this.first.commit();
		assertThat(detect(this.first)).hasSize(3)
			.allMatch((row) -> row.endsWith("transitioned_to_dlq_and_error | t | t"));
		CompletableFuture<List<String>> other = this.sessions.waiting(this.second,
				StalenessConcurrencyIntegrationTests::detect);
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
		assertThat(this.first.transition(task, "waiting_for_retry", "enqueuing_steps")).isTrue();
		CompletableFuture<List<String>> detection = this.sessions.waiting(this.second,
				StalenessConcurrencyIntegrationTests::detect);
		this.first.commit();
		assertThat(ConcurrentSessions.result(detection)).containsExactly("T | moved_to_dlq_only | t | f");
	}

	@Test
	void taskThatIsInTheSameStateAnewHasAnEntryOnly() {
		TaskRows task = this.first.task("T").in("steps_in_process", 3600);
		this.first.commit();
		assertThat(this.first.transition(task, "steps_in_process", "evaluating_results")).isTrue();
		assertThat(this.first.transition(task, "evaluating_results", "enqueuing_steps")).isTrue();
		assertThat(this.first.transition(task, "enqueuing_steps", "steps_in_process")).isTrue();
		CompletableFuture<List<String>> detection = this.sessions.waiting(this.second,
				StalenessConcurrencyIntegrationTests::detect);
		this.first.commit();
		assertThat(ConcurrentSessions.result(detection)).containsExactly("T | moved_to_dlq_only | t | f");
		assertThat(this.second.state(task)).isEqualTo("steps_in_process");
	}

	@Test
	void taskThatGotAnEntryInTheMeantimeIsMovedOnly() {
		TaskRows task = this.first.task("T").in("waiting_for_retry", 3600);
		this.first.commit();
		this.first.execute("select tasker.create_dlq_entry(?, 'ns', 't', 'pending', 1, 1)", task.uuid());
		CompletableFuture<List<String>> detection = this.sessions.waiting(this.second,
				StalenessConcurrencyIntegrationTests::detect);
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
				StalenessConcurrencyIntegrationTests::detect);
		// Would be a deadlock if the run had begun with the longest wait.
		this.first.execute(lock, high.uuid());
		this.first.commit();
		assertThat(ConcurrentSessions.result(detection)).containsExactly("high | transitioned_to_dlq_and_error | t | t",
				"low | transitioned_to_dlq_and_error | t | t");
	}

	@Test
	void anyErrorOfATransitionIsAWarning() {
		TaskRows task = this.first.task("T").in("waiting_for_retry", 3600);
		this.first.commit();
		this.first.execute("select from tasker.tasks for update");
		this.second.execute("set local lock_timeout = '100ms'");
		assertThat(this.second.rowWithWarnings(
				"select tasker.transition_stale_task_to_error(?, 'waiting_for_retry', 'ns', 't')", task.uuid()))
			.isEqualTo("f | Failed to move stale task %s to error: canceling statement due to lock timeout"
				.formatted(task.uuid()));
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

	private static List<String> detect(TaskerSession session) {
		return session.rows("""
				select test.task(task_uuid), action_taken, moved_to_dlq, transition_success
				from tasker.detect_and_transition_stale_tasks(false)
				""");
	}

}
