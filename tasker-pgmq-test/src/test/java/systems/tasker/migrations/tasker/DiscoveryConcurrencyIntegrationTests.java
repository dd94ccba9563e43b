/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class DiscoveryConcurrencyIntegrationTests {

	private final ConcurrentSessions sessions;

	private final TaskerSession first;

	private final TaskerSession second;

	DiscoveryConcurrencyIntegrationTests(String zone) {
		this.sessions = new ConcurrentSessions(zone);
		this.first = this.sessions.open();
		this.second = this.sessions.open();
	}

	@AfterEach
	void drop() {
		this.sessions.close();
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
	void tasksBehindManyThatOthersHoldAreOffered() {
		for (int priority = 1; priority <= 25; priority++) {
			this.first.task("T" + priority).in("pending").priority(priority);
		}
		this.first.commit();
		assertThat(discover(this.first, 23)).hasSize(23);
		assertThat(discover(this.second, 1)).containsExactly("T2");
		assertThat(discover(this.sessions.open(), 2)).containsExactly("T1");
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
		assertThat(third.transition(low, "pending", "initializing")).isTrue();
		third.commit();
		this.first.commit();
		assertThat(ConcurrentSessions.result(discovery)).containsExactly("high");
		assertThat(this.first.history(high)).containsExactly("pending");
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

	private static List<String> discover(TaskerSession session, int limit) {
		return session.rows("select test.task(task_uuid) from tasker.get_next_ready_tasks(?)", limit);
	}

}
