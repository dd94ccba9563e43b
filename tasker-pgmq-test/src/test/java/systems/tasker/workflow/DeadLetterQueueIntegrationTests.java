/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class DeadLetterQueueIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final DeadLetterQueue deadLetters = this.workflows.tasker().deadLetters();

	private final Tasks tasks = this.workflows.tasker().tasks();

	private UUID task;

	@BeforeEach
	void createTaskThatWaitsForTwoHours() {
		this.workflows.template(StepTemplate.of("a"));
		this.task = this.workflows.task();
		this.workflows.walk(this.task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES);
		this.workflows.execute("update tasker.task_transitions set created_at = created_at - interval '120 minutes'");
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void eachLimitIsPassedInItsPlace() {
		assertThat(stale(new StalenessLimits(121, 1, 1, 1, 100))).isZero();
		assertThat(stale(new StalenessLimits(121, 1, 1, 0, 100))).isOne();
		assertThat(stale(new StalenessLimits(119, 999, 999, 999, 100))).isOne();
		assertThat(stale(new StalenessLimits(1, 999, 999, 999, 0))).isZero();
		this.workflows.execute("update tasker.task_transitions set to_state = 'waiting_for_retry' where most_recent");
		assertThat(stale(new StalenessLimits(1, 121, 1, 1, 100))).isZero();
		assertThat(stale(new StalenessLimits(999, 119, 999, 999, 100))).isOne();
		this.workflows.execute("update tasker.task_transitions set to_state = 'steps_in_process' where most_recent");
		assertThat(stale(new StalenessLimits(1, 1, 121, 1, 100))).isZero();
		assertThat(stale(new StalenessLimits(999, 999, 119, 999, 100))).isOne();
	}

	// Leaves them as they are.
	private int stale(StalenessLimits limits) {
		return this.workflows.transaction().execute((status) -> {
			status.setRollbackOnly();
			return this.deadLetters.sweep(limits).tasks().size();
		});
	}

	@Test
	void limitOfTheTemplateCounts() {
		this.workflows.tasker()
			.templates()
			.save(TaskTemplate.of("ns", "work", "1", StepTemplate.of("a"))
				.withConfiguration(Map.of("lifecycle", Map.of("max_waiting_for_dependencies_minutes", 121))));
		assertThat(stale(StalenessLimits.defaults())).isZero();
	}

	@Test
	void staleTaskIsMovedOnce() {
		assertThat(this.deadLetters.sweep(StalenessLimits.defaults()).tasks())
			.containsExactly(new StaleTask(this.task, "ns", "work", TaskState.WAITING_FOR_DEPENDENCIES, 120, 60,
					StaleTaskAction.TRANSITIONED_TO_DLQ_AND_ERROR, true, true));
		assertThat(this.deadLetters.sweep(StalenessLimits.defaults()).tasks()).isEmpty();
		assertThat(this.tasks.state(this.task)).contains(TaskState.ERROR);
		assertThat(this.deadLetters.open(10)).singleElement().satisfies((entry) -> {
			assertThat(entry.taskUuid()).isEqualTo(this.task);
			assertThat(entry.originalState()).isEqualTo("waiting_for_dependencies");
			assertThat(entry.reason()).isEqualTo(DlqReason.STALENESS_TIMEOUT);
			assertThat(entry.enteredAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
			assertThat(entry.minutesInDlq().intValue()).isZero();
			assertThat(entry.namespace()).isEqualTo("ns");
			assertThat(entry.taskName()).isEqualTo("work");
			assertThat(entry.currentState()).isEqualTo("waiting_for_dependencies");
			assertThat(entry.timeInStateMinutes()).isEqualTo(120);
			assertThat(entry.priorityScore().intValue()).isEqualTo(100);
		});
		assertThat(this.deadLetters.open(0)).isEmpty();
	}

	@Test
	void tenThreadsMoveAStaleTaskOnce() throws Exception {
		List<Object> moved = Workflows.inTenThreads(() -> this.deadLetters.sweep(StalenessLimits.defaults())
			.tasks()
			.stream()
			.filter(StaleTask::movedToError)
			.count());
		assertThat(moved).hasSize(10).containsOnlyOnce(1L).containsOnly(0L, 1L);
		assertThat(this.workflows.count("tasks_dlq")).isEqualTo(1);
	}

	@Test
	void sweepMovesStaleTasksAndCountsOpenEntries() {
		DlqSweep sweep = this.deadLetters.sweep(StalenessLimits.defaults());
		assertThat(sweep.skipped()).isFalse();
		assertThat(sweep.tasks()).extracting(StaleTask::taskUuid).containsExactly(this.task);
		assertThat(sweep.openEntries()).isOne();
		assertThat(this.deadLetters.sweep(StalenessLimits.defaults())).isEqualTo(new DlqSweep(false, List.of(), 1));
		this.deadLetters.resolve(this.deadLetters.open(1).get(0).entryUuid(), DlqResolution.CANCELLED, "alice", null);
		assertThat(this.deadLetters.sweep(StalenessLimits.defaults()).openEntries()).isZero();
	}

	@Test
	void sweepIsSkippedWhileAnotherIsNotCommitted() {
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThat(this.deadLetters.sweep(StalenessLimits.defaults()).tasks()).hasSize(1);
			assertThat(CompletableFuture.supplyAsync(() -> this.deadLetters.sweep(StalenessLimits.defaults())).join())
				.isEqualTo(new DlqSweep(true, List.of(), 0));
			status.setRollbackOnly();
		});
		assertThat(this.deadLetters.sweep(StalenessLimits.defaults()).tasks()).hasSize(1);
	}

	@Test
	void entryIsClosedOnceAndTheTaskIsLeftAlone() {
		this.deadLetters.sweep(StalenessLimits.defaults());
		UUID entry = this.deadLetters.open(1).get(0).entryUuid();
		assertThat(this.deadLetters.resolve(entry, DlqResolution.PERMANENTLY_FAILED, "alice", "gone")).isTrue();
		assertThat(this.deadLetters.resolve(entry, DlqResolution.CANCELLED, "bob", null)).isFalse();
		assertThat(this.workflows.row("""
				select resolution_status, resolved_by, resolution_notes, resolution_timestamp >= dlq_timestamp,
				  abs(extract(epoch from resolution_timestamp - timezone('utc', now()))) < 60
				from tasker.tasks_dlq
				""")).isEqualTo("permanently_failed | alice | gone | t | t");
		assertThat(this.deadLetters.open(10)).isEmpty();
		assertThat(this.tasks.state(this.task)).contains(TaskState.ERROR);
	}

	@Test
	void dashboardCountsByReasonAndResolution() {
		assertThat(this.deadLetters.dashboard()).isEmpty();
		this.workflows.execute("""
				insert into tasker.tasks_dlq (
				  task_uuid, original_state, dlq_reason, resolution_status, task_snapshot, dlq_timestamp,
				  resolution_timestamp)
				select ?, 'x', r::tasker.dlq_reason, s::tasker.dlq_resolution_status, '{}',
				  '2024-01-01 10:00'::timestamp + n * interval '1 hour', '2024-01-01 20:00'
				from (values (1, 'manual_dlq', 'cancelled'), (2, 'worker_unavailable', 'cancelled'),
				  (3, 'manual_dlq', 'cancelled'), (4, 'manual_dlq', 'manually_resolved'),
				  (5, 'manual_dlq', 'permanently_failed'), (6, 'manual_dlq', 'permanently_failed'),
				  (7, 'manual_dlq', 'permanently_failed')) as v (n, r, s)
				""", this.task);
		assertThat(this.deadLetters.dashboard()).hasSize(2);
		assertThat(this.deadLetters.dashboard().get(0).reason()).isEqualTo(DlqReason.WORKER_UNAVAILABLE);
		assertThat(this.deadLetters.dashboard().get(1)).satisfies((row) -> {
			assertThat(row.reason()).isEqualTo(DlqReason.MANUAL_DLQ);
			assertThat(List.of(row.totalEntries(), row.pending(), row.manuallyResolved(), row.permanentFailures(),
					row.cancelled()))
				.containsExactly(6L, 0L, 1L, 3L, 2L);
			assertThat(row.oldestEntry()).isEqualTo("2024-01-01T11:00:00Z");
			assertThat(row.newestEntry()).isEqualTo("2024-01-01T17:00:00Z");
			assertThat(row.avgResolutionTimeMinutes()).isEqualByComparingTo("340");
		});
	}

	@Test
	void badInputIsNamed() {
		UUID nobody = UUID.randomUUID();
		assertThatExceptionOfType(TaskerNotFoundException.class)
			.isThrownBy(() -> this.deadLetters.resolve(nobody, DlqResolution.CANCELLED, "alice", null))
			.withMessage("DLQ entry %s does not exist".formatted(nobody));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.deadLetters.resolve(nobody, DlqResolution.CANCELLED, " ", null))
			.withMessage("resolvedBy must not be blank");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.deadLetters.resolve(nobody, DlqResolution.CANCELLED, "alice", "\0"))
			.withMessageStartingWith("notes");
		assertThatIllegalArgumentException().isThrownBy(() -> this.deadLetters.open(-1))
			.withMessageStartingWith("limit");
		assertThatIllegalArgumentException().isThrownBy(() -> new StalenessLimits(1, -1, 1, 1, 1))
			.withMessage("waitingForRetryMinutes must not be negative, but is -1");
	}

}
