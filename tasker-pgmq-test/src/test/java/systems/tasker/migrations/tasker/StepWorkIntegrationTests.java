/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StepWorkIntegrationTests {

	private final TaskerSession session;

	StepWorkIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void claimTakesAnEnqueuedStep() {
		UUID worker = UUID.randomUUID();
		StepRows step = enqueued().json("inputs", "{\"a\": 1}")
			.json("checkpoint", "{\"cursor\": 7}")
			.at("updated_at", 60);
		assertThat(claim(step.uuid(), worker))
			.isEqualTo("t | %s | %s | 1 | {\"a\": 1} | {\"cursor\": 7}".formatted(step.uuid(), step.task().uuid()));
		assertThat(this.session.row("""
				select in_process, attempts, test.seconds(last_attempted_at), test.seconds(updated_at), processed
				from tasker.workflow_steps
				""")).isEqualTo("t | 1 | 0 | 0 | f");
		assertThat(transitions()).isEqualTo("[enqueued, in_progress]");
	}

	@Test
	void claimCountsTheAttempt() {
		StepRows step = enqueued().set("attempts", 4);
		assertThat(claim(step.uuid(), null)).contains(" | 5 | ");
		assertThat(this.session.row("select attempts from tasker.workflow_steps")).isEqualTo("5");
	}

	@Test
	void claimWritesMetadataForTheAudit() {
		UUID worker = UUID.randomUUID();
		UUID correlation = UUID.randomUUID();
		StepRows step = enqueued();
		this.session.execute("select * from tasker.tasker_claim_and_execute_step(?, ?, ?)", step.uuid(), worker,
				correlation);
		assertThat(metadata("metadata - 'timestamp' = jsonb_build_object("
				+ "'event', '{\"type\":\"Start\"}', 'worker_uuid', '%s', 'correlation_id', '%s')".formatted(worker,
						correlation)))
			.isEqualTo("t");
		assertThat(metadata("metadata ->> 'timestamp' ~ '^....-..-..T..:..:..\\.......\\+00:00$'")).isEqualTo("t");
		assertThat(metadata("test.seconds(timezone('utc', (metadata ->> 'timestamp')::timestamptz))")).isEqualTo("0");
	}

	@Test
	void correlationOfTheTaskIsTheDefaultAndAnUnknownWorkerIsLeftOut() {
		StepRows step = enqueued();
		claim(step.uuid(), null);
		assertThat(metadata("jsonb_exists(metadata, 'worker_uuid')")).isEqualTo("f");
		assertThat(metadata("metadata ->> 'correlation_id' = (select correlation_id::text from tasker.tasks)"))
			.isEqualTo("t");
	}

	@Test
	void stepIsClaimedOnce() {
		StepRows step = enqueued();
		assertThat(claim(step.uuid(), UUID.randomUUID())).startsWith("t");
		assertThat(claim(step.uuid(), UUID.randomUUID())).isEqualTo(notClaimed(step.uuid()));
		assertThat(this.session.row("select attempts from tasker.workflow_steps")).isEqualTo("1");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "pending", "in_progress", "enqueued_for_orchestration", "enqueued_as_error_for_orchestration",
					"waiting_for_retry", "complete", "error", "cancelled", "resolved_manually" })
	void stepInAnotherStateIsNotClaimed(String state) {
		StepRows step = this.session.task("T").step("a").in(state);
		String before = this.session.row("select to_jsonb(s) from tasker.workflow_steps s");
		assertThat(claim(step.uuid(), UUID.randomUUID())).isEqualTo(notClaimed(step.uuid()));
		assertThat(this.session.row("select to_jsonb(s) from tasker.workflow_steps s")).isEqualTo(before);
		assertThat(transitions()).isEqualTo("[%s]".formatted(state));
	}

	@Test
	void unknownStepAndStepWithoutStateAreNotClaimed() {
		UUID unknown = UUID.randomUUID();
		assertThat(claim(unknown, UUID.randomUUID())).isEqualTo(notClaimed(unknown));
		StepRows step = this.session.task("T").step("a");
		assertThat(claim(step.uuid(), UUID.randomUUID())).isEqualTo(notClaimed(step.uuid()));
		assertThat(this.session
			.row("select claimed, workflow_step_uuid from tasker.tasker_claim_and_execute_step(null, null)"))
			.isEqualTo("f | -");
	}

	@Test
	void claimLooksAtNothingButTheState() {
		StepRows step = enqueued().set("retryable", false)
			.set("max_attempts", 0)
			.set("attempts", 9)
			.set("in_process", true)
			.after("parent");
		assertThat(claim(step.uuid(), null)).startsWith("t");
	}

	@Test
	void backoffIsCountedFromNow() {
		StepRows step = this.session.task("T")
			.step("a")
			.set("attempts", 2)
			.set("in_process", true)
			.at("last_attempted_at", 60)
			.at("updated_at", 60);
		assertThat(this.session.isTrue("select tasker.set_step_backoff_atomic(?, 30)", step.uuid())).isTrue();
		assertThat(this.session.row("""
				select backoff_request_seconds, test.seconds(last_attempted_at), test.seconds(updated_at), attempts,
				    in_process
				from tasker.workflow_steps
				""")).isEqualTo("30 | 0 | 0 | 2 | t");
	}

	@Test
	void backoffCanBeTakenBack() {
		StepRows step = this.session.task("T").step("a").set("backoff_request_seconds", 30);
		assertThat(this.session.isTrue("select tasker.set_step_backoff_atomic(?, null)", step.uuid())).isTrue();
		assertThat(this.session.row("select backoff_request_seconds from tasker.workflow_steps")).isEqualTo("-");
	}

	@Test
	void backoffOfAnUnknownStepIsFalse() {
		assertThat(this.session.isTrue("select tasker.set_step_backoff_atomic(?, 30)", UUID.randomUUID())).isFalse();
	}

	private StepRows enqueued() {
		return this.session.task("T").step("a").in("enqueued");
	}

	private String claim(UUID step, UUID worker) {
		return this.session.row("select * from tasker.tasker_claim_and_execute_step(?, ?::uuid)", step, worker);
	}

	private static String notClaimed(UUID step) {
		return "f | %s | - | - | - | -".formatted(step);
	}

	private String transitions() {
		return this.session.rows("select to_state from tasker.workflow_step_transitions order by sort_key").toString();
	}

	private String metadata(String expression) {
		return this.session
			.row("select %s from tasker.workflow_step_transitions where most_recent".formatted(expression));
	}

}
