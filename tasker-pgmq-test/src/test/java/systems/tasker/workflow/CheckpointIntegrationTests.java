/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CheckpointIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final StepWork work = this.workflows.tasker().work();

	private UUID step;

	private int attempt;

	@BeforeEach
	void beginAStep() {
		this.workflows.template(StepTemplate.of("a"));
		this.step = this.workflows.step(this.workflows.task(), "a");
		this.attempt = this.workflows.work(this.step);
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void checkpointsReplaceEachOtherAndKeepAHistory() {
		save(new Checkpoint("page-1", 10, Map.of("sum", 1)));
		assertThat(checkpoint()).isEqualTo("page-1 | 10 | {\"sum\": 1} | [\"page-1\"]");
		save(new Checkpoint(Map.of("page", 2), 20, null));
		assertThat(checkpoint()).isEqualTo("{\"page\": 2} | 20 | null | [\"page-1\", {\"page\": 2}]");
		assertThat(this.workflows.row("""
				select checkpoint ->> 'timestamp' = checkpoint #>> '{history,1,timestamp}',
				  checkpoint ->> 'timestamp' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00$',
				  (select string_agg(key, ' ' order by key) from jsonb_object_keys(checkpoint) key)
				from tasker.workflow_steps
				""")).isEqualTo("t | t | accumulated_results cursor history items_processed timestamp");
	}

	@Test
	void nextAttemptGoesOnFromTheCheckpoint() {
		save(new Checkpoint(Map.of("page", 2), 20, null));
		loseTheStep();
		assertThat(this.work.claim(this.step, Workflows.WORKER).orElseThrow().checkpoint())
			.asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("cursor", Map.of("page", 2));
	}

	@Test
	void clearedCheckpointTakesItsHistoryAlong() {
		save(new Checkpoint("page-1", 10, null));
		assertThat(this.work.clearCheckpoint(this.step, this.attempt)).isTrue();
		assertThat(this.workflows.count("workflow_steps where checkpoint is not null")).isZero();
		save(new Checkpoint(3, 0, null));
		assertThat(checkpoint()).isEqualTo("3 | 0 | null | [3]");
	}

	@Test
	void checkpointOfAnotherProgramIsNoReasonToFail() {
		for (String other : List.of("{\"cursor\": 1, \"history\": null}", "{\"history\": {\"a\": 1}}", "\"text\"")) {
			this.workflows.execute("update tasker.workflow_steps set checkpoint = ?::jsonb", other);
			save(new Checkpoint(2, 1, null));
			assertThat(checkpoint()).isEqualTo("2 | 1 | null | [2]");
		}
	}

	@Test
	void whoHasLostTheStepIsRefused() {
		save(new Checkpoint("mine", 1, null));
		loseTheStep();
		requireRefusal();
		int next = this.work.claim(this.step, Workflows.WORKER).orElseThrow().attempts();
		requireRefusal();
		assertThat(this.work.saveCheckpoint(this.step, next, new Checkpoint("theirs", 2, null))).isTrue();
		assertThat(checkpoint()).isEqualTo("theirs | 2 | null | [\"mine\", \"theirs\"]");
		assertThat(this.work.clearCheckpoint(this.step, next)).isTrue();
	}

	@Test
	void whoSavesWhileTheStepIsLostIsRefused() {
		CompletableFuture<Boolean> saved = this.workflows.transaction().execute((status) -> {
			this.work.report(Workflows.success(this.step, 1), this.attempt, Workflows.WORKER);
			CompletableFuture<Boolean> saving = CompletableFuture
				.supplyAsync(() -> this.work.saveCheckpoint(this.step, this.attempt, new Checkpoint(1, 1, null)));
			await().atMost(Duration.ofSeconds(30)).until(this.workflows::somebodyWaitsForALock);
			return saving;
		});
		assertThat(saved.orTimeout(30, TimeUnit.SECONDS).join()).isFalse();
		assertThat(this.workflows.count("workflow_steps where checkpoint is not null")).isZero();
	}

	private void requireRefusal() {
		assertThat(this.work.saveCheckpoint(this.step, this.attempt, new Checkpoint("late", 9, null))).isFalse();
		assertThat(this.work.clearCheckpoint(this.step, this.attempt)).isFalse();
		assertThat(checkpoint()).isEqualTo("mine | 1 | null | [\"mine\"]");
	}

	// As by an operator, or a sweep, who declares the worker dead.
	private void loseTheStep() {
		this.work.report(Workflows.failure(this.step, true), this.attempt, Workflows.WORKER);
		this.workflows.tasker().steps().settle(this.step);
		this.workflows.execute("update tasker.workflow_steps set backoff_request_seconds = 0");
		assertThat(this.workflows.tasker().steps().enqueue(this.step)).isPresent();
	}

	private void save(Checkpoint checkpoint) {
		assertThat(this.work.saveCheckpoint(this.step, this.attempt, checkpoint)).isTrue();
	}

	private String checkpoint() {
		return this.workflows.row("""
				select checkpoint ->> 'cursor', checkpoint ->> 'items_processed',
				  checkpoint -> 'accumulated_results', jsonb_path_query_array(checkpoint, '$.history[*].cursor')
				from tasker.workflow_steps
				""");
	}

}
