/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class DiscoveryIntegrationTests {

	private final TaskerSession session;

	DiscoveryIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void rowSaysWhatTheTaskIs() {
		TaskRows task = this.session.task("payments", "refund", "T").in("pending").priority(7);
		task.step("a").step("b").step("c").after("a");
		assertThat(this.session.row("""
				select task_uuid, task_name, priority, namespace_name, ready_steps_count, current_state
				from tasker.get_next_ready_tasks()
				""")).isEqualTo(task.uuid() + " | refund | 7 | payments | 2 | pending");
	}

	@Test
	void pendingTaskIsOfferedWhateverItsSteps() {
		this.session.task("without steps").in("pending");
		this.session.task("failed").in("pending").step("a").in("error");
		assertThat(offered()).containsExactly("without steps", "failed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "waiting_for_dependencies", "waiting_for_retry" })
	void waitingTaskIsOfferedOnceAStepIsReady(String state) {
		this.session.task("ready").in(state).step("a");
		this.session.task("busy").in(state).step("a").in("in_progress");
		this.session.task("blocked").in(state).step("a").in("error").step("b");
		this.session.task("complete").in(state).step("a").in("complete");
		this.session.task("without steps").in(state);
		assertThat(offered()).containsExactly("ready");
	}

	@ParameterizedTest
	@ValueSource(strings = { "initializing", "enqueuing_steps", "steps_in_process", "evaluating_results",
			"blocked_by_failures", "complete", "error", "cancelled", "resolved_manually" })
	void taskInAnotherStateIsNotOffered(String state) {
		this.session.task("T").in(state).step("a");
		assertThat(offered()).isEmpty();
	}

	@Test
	void taskWithoutTransitionIsNotOffered() {
		this.session.task("T").step("a");
		assertThat(offered()).isEmpty();
	}

	@Test
	void flagOfCompletionIsNotLookedAt() {
		this.session.task("T").in("pending").set("complete", true);
		assertThat(offered()).containsExactly("T");
	}

	@ParameterizedTest
	@CsvSource({ "waiting_for_dependencies, 3600, true", "waiting_for_dependencies, 3600.001, false",
			"waiting_for_retry, 1800, true", "waiting_for_retry, 1800.001, false", "pending, 864000, true" })
	void waitingTaskIsGivenUpAfterAWhile(String state, double secondsAgo, boolean expected) {
		this.session.task("T").in(state, secondsAgo).step("a");
		assertThat(offered().contains("T")).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({
			// priority, age of the task, age of the state, computed priority
			"5, 0, 0, 5.0000", "5, 36000, 60, 6.0000", "5, 3600, 3600, 4.6002", "5, 7200, 7200, 4.2324",
			"5, 43200, 43200, 1.8394", "50, 86400, 86400, 0.1000", "50, 999999, 864000, 0.1000",
			"0, 7200, 7200, 0.0000", "0, 7200, 3599, 0.2000", "-5, 86400, 86400, 0.1000", "5, 3600, 3599.999, 5.1000" })
	void computedPriorityGrowsForAnHourAndThenFades(int priority, double taskAge, double stateAge, String expected) {
		this.session.task("T").in("pending", stateAge).created(taskAge).priority(priority);
		assertThat(this.session.row("select round(computed_priority, 4) from tasker.get_next_ready_tasks()"))
			.isEqualTo(expected);
	}

	@Test
	void urgentTasksComeFirst() {
		this.session.task("low").in("pending").priority(1);
		this.session.task("high").in("pending").priority(9);
		this.session.task("high, but fading").in("pending", 50_000).created(50_000).priority(9);
		this.session.task("low, but old").in("pending").created(36_000).priority(1);
		assertThat(offered()).containsExactly("high", "high, but fading", "low, but old", "low");
	}

	@Test
	void equalPrioritiesAreOrderedByAgeAndThenByUuid() {
		this.session.task("second").in("pending", 90_000).created(100_000);
		this.session.task("third").in("pending", 90_000).created(100_000);
		this.session.task("first").in("pending", 90_000).created(200_000);
		assertThat(offered()).containsExactly("first", "second", "third");
	}

	@Test
	void limitIsFiveByDefault() {
		for (int task = 0; task < 7; task++) {
			this.session.task("T" + task).in("pending");
		}
		assertThat(this.session.rows("select task_uuid from tasker.get_next_ready_tasks()")).hasSize(5);
		assertThat(this.session.rows("select task_uuid from tasker.get_next_ready_tasks(2)")).hasSize(2);
		assertThat(this.session.rows("select task_uuid from tasker.get_next_ready_tasks(0)")).isEmpty();
		assertThat(this.session.rows("select task_uuid from tasker.get_next_ready_tasks(null)")).hasSize(7);
		assertThat(this.session.rows("select task_uuid from tasker.get_next_ready_tasks(2147483647)")).hasSize(7);
	}

	@Test
	void negativeLimitIsAnError() {
		assertThat(this.session.error("select * from tasker.get_next_ready_tasks(-1)").getSQLState())
			.isEqualTo("2201W");
	}

	@Test
	void tenTimesTheLimitAreExamined() {
		for (int task = 0; task < 10; task++) {
			this.session.task("busy " + task).in("waiting_for_retry").priority(9).step("a").in("in_progress");
		}
		this.session.task("ready").in("waiting_for_retry").step("a");
		assertThat(this.session.rows("select test.task(task_uuid) from tasker.get_next_ready_tasks(1)")).isEmpty();
		assertThat(this.session.rows("select test.task(task_uuid) from tasker.get_next_ready_tasks(2)"))
			.containsExactly("ready");
	}

	@ParameterizedTest
	@ValueSource(ints = { 5000, 5001 })
	void manyCandidatesAreRankedAsFewAre(int others) {
		this.session.task("urgent").in("waiting_for_dependencies").priority(9).step("a");
		TaskRows low = this.session.task("low").in("pending", 90_000).created(10);
		this.session.task("given up").in("waiting_for_retry", 1801).priority(9).step("a");
		copies(low, others - 3);
		assertThat(this.session.rows("""
				select test.task(task_uuid), trim_scale(round(computed_priority, 4))
				from tasker.get_next_ready_tasks(3)
				""")).containsExactly("urgent | 9", "low | 0.1", "low 1 | 0.1");
		assertThat(this.session.rows("select task_uuid from tasker.get_next_ready_tasks(null)")).hasSize(others - 1);
	}

	/**
	 * Insert tasks like another one, each a second younger than the one before it.
	 */
	private void copies(TaskRows task, int number) {
		this.session.update("""
				with copy as (
				    insert into tasker.tasks (
				        named_task_uuid, reason, requested_at, identity_hash, created_at, updated_at, correlation_id)
				    select t.named_task_uuid, t.reason || ' ' || i, t.requested_at, gen_random_uuid(),
				        t.created_at + make_interval(secs => i), t.updated_at, gen_random_uuid()
				    from tasker.tasks t, generate_series(1, ?) i
				    where t.task_uuid = ?
				    returning task_uuid)
				insert into tasker.task_transitions (task_uuid, to_state, sort_key, most_recent, created_at, updated_at)
				select c.task_uuid, tr.to_state, 1, true, tr.created_at, tr.updated_at
				from copy c, tasker.task_transitions tr
				where tr.task_uuid = ?
				""", number, task.uuid(), task.uuid());
	}

	@Test
	void nextTaskIsTheFirstOne() {
		this.session.task("low").in("pending").priority(1);
		this.session.task("high").in("pending").priority(2);
		assertThat(this.session.rows("select * from tasker.get_next_ready_task()")).hasSize(1)
			.isEqualTo(this.session.rows("select * from tasker.get_next_ready_tasks(1)"));
	}

	@Test
	void readyInfoSaysWhatDiscoveryWould() {
		TaskRows task = this.session.task("payments", "refund", "T").in("pending", 60).created(36_000).priority(5);
		task.step("a");
		assertThat(this.session.row("""
				select task_uuid, task_name, priority, namespace_name, ready_steps_count, trim_scale(computed_priority),
				    current_state
				from tasker.get_task_ready_info(?)
				""", task.uuid())).isEqualTo(task.uuid() + " | refund | 5 | payments | 1 | 6 | pending");
		assertThat(this.session.isTrue("""
				select (i.task_uuid, i.task_name, i.priority, i.namespace_name, i.ready_steps_count, i.current_state)
				    = (n.task_uuid, n.task_name, n.priority, n.namespace_name, n.ready_steps_count, n.current_state)
				    and i.computed_priority = n.computed_priority
				from tasker.get_task_ready_info(?) i cross join tasker.get_next_ready_task() n
				""", task.uuid())).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "complete, 46800", "error, 46800", "waiting_for_retry, 46800", "steps_in_process, 0" })
	void readyInfoTakesAnyStateOfAnyAge(String state, double stateAge) {
		TaskRows task = this.session.task("T").in(state, stateAge).created(46_800).priority(5);
		assertThat(this.session.row("""
				select current_state, trim_scale(computed_priority) from tasker.get_task_ready_info(?)
				""", task.uuid())).isEqualTo(state + " | 6.3");
	}

	@Test
	void readyInfoNeedsATransition() {
		assertThat(this.session.rows("select * from tasker.get_task_ready_info(?)", this.session.task("T").uuid()))
			.isEmpty();
		assertThat(this.session.rows("select * from tasker.get_task_ready_info(?)", UUID.randomUUID())).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "601, 10, 10", "600, 10, -", "600.4, 10, 10", "1259, 10, 20", "1260, 10, 21",
			"1260, 21, -", "1259.6, 10, 21", "1, 0, 0", "0, 0, -" })
	void taskIsStuckAfterTheTimeout(double secondsAgo, int timeout, String minutes) {
		this.session.task("T").in("steps_in_process", secondsAgo);
		assertThat(this.session.rows("select stuck_duration_minutes from tasker.find_stuck_tasks(?)", timeout))
			.isEqualTo((minutes != null) ? List.of(minutes) : List.of());
	}

	@Test
	void timeoutIsTenMinutesByDefault() {
		this.session.task("stuck").in("initializing", 601);
		this.session.task("not yet").in("initializing", 600);
		assertThat(this.session.rows("select test.task(task_uuid) from tasker.find_stuck_tasks()"))
			.containsExactly("stuck");
	}

	@Test
	void onlyActiveStatesGetStuck() {
		for (String state : Contract.load().states("task")) {
			this.session.task(state).in(state, 7200).set("complete", true);
		}
		assertThat(this.session.rows("select current_state from tasker.find_stuck_tasks()"))
			.containsExactlyInAnyOrder("initializing", "enqueuing_steps", "steps_in_process", "evaluating_results");
	}

	@Test
	void stuckTaskNamesItsProcessor() {
		UUID processor = UUID.randomUUID();
		TaskRows task = this.session.task("T").in("initializing", 7200);
		this.session.update("update tasker.task_transitions set processor_uuid = ?", processor);
		assertThat(this.session.row("select task_uuid, processor_uuid from tasker.find_stuck_tasks()"))
			.isEqualTo(task.uuid() + " | " + processor);
	}

	private List<String> offered() {
		return this.session.rows("select test.task(task_uuid) from tasker.get_next_ready_tasks(100)");
	}

}
