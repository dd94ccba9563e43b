/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StepResultAuditIntegrationTests {

	private static final String W = "11111111-1111-4111-8111-111111111111";

	private static final String K = "22222222-2222-4222-8222-222222222222";

	private static final String OK = "enqueued_for_orchestration";

	private static final String FAILED = "enqueued_as_error_for_orchestration";

	private final TaskerSession session;

	StepResultAuditIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@Test
	void rowRefersToStepTransitionAndTask() {
		StepRows step = this.session.task("T").step("a").in(OK);
		assertThat(this.session.row("""
				select a.workflow_step_uuid, a.task_uuid,
				    a.workflow_step_transition_uuid = tr.workflow_step_transition_uuid, test.seconds(a.recorded_at),
				    test.seconds(a.created_at), test.seconds(a.updated_at)
				from tasker.workflow_step_result_audit a cross join tasker.workflow_step_transitions tr
				""")).isEqualTo("%s | %s | t | 0 | 0 | 0".formatted(step.uuid(), step.task().uuid()));
	}

	@Test
	void valuesComeFromTheMetadata() {
		assertThat(audit(OK, event("{\"success\": true, \"metadata\": {\"execution_time_ms\": 1234}}", W, K)))
			.isEqualTo("%s | %s | t | 1234".formatted(W, K));
	}

	@Test
	void eventWinsOverTheState() {
		assertThat(audit(OK, event("{\"success\": false, \"metadata\": {\"execution_time_ms\": 5}}", null, null)))
			.isEqualTo("- | - | f | 5");
	}

	@Test
	void eventOfTheApplicationHasItsDataOneLevelDeeper() {
		assertThat(audit(OK,
				event("""
						{"type": "EnqueueForOrchestration", "data": {"success": true, "metadata": {"execution_time_ms": 77}}}""",
						W, null)))
			.isEqualTo(W + " | - | t | 77");
	}

	@Test
	void eachValueIsLookedUpByItself() {
		assertThat(audit(OK, event("""
				{"success": null, "metadata": {"execution_time_ms": 1},
				 "data": {"success": false, "metadata": {"execution_time_ms": 2}}}""", null, null)))
			.isEqualTo("- | - | f | 1");
	}

	@ParameterizedTest
	@CsvSource({ OK + ", t", FAILED + ", f" })
	void stateDecidesWithoutAnEvent(String state, String success) {
		assertThat(audit(state, "{}")).isEqualTo("- | - | %s | -".formatted(success));
	}

	@Test
	void badMetadataIsLeftOut() {
		assertThat(audit(FAILED, event("not json", "not-a-uuid", "nope"))).isEqualTo("- | - | f | -");
	}

	@Test
	void badWorkerLeavesTheCorrelation() {
		assertThat(audit(OK, event("{}", "not-a-uuid", K))).isEqualTo("- | %s | t | -".formatted(K));
		assertThat(audit(OK, event("{}", W, "nope"))).isEqualTo(W + " | - | t | -");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			value = { "{\"success\": false, \"metadata\": {\"execution_time_ms\": \"12.5\"}}",
					"{\"success\": \"perhaps\", \"metadata\": {\"execution_time_ms\": 5}}",
					"{\"success\": false, \"metadata\": {\"execution_time_ms\": 99999999999999999999}}" })
	void eventWithOneBadValueIsDroppedAsAWhole(String event) {
		assertThat(audit(OK, event(event, null, null))).isEqualTo("- | - | t | -");
	}

	@Test
	void eventMayBeAnObject() {
		assertThat(audit(OK, "{\"event\": {\"success\": false, \"metadata\": {\"execution_time_ms\": 9}}}"))
			.isEqualTo("- | - | f | 9");
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "[]", "5", "\"text\"", "{\"event\": 5}", "{\"event\": null}", "{\"event\": []}",
			"{\"event\": \"\"}", "{\"event\": \"[1, 2]\"}", "{\"event\": {\"data\": \"x\"}}", "{\"worker_uuid\": {}}" })
	void oddMetadataNeverFailsTheTransition(String metadata) {
		assertThat(audit(OK, metadata)).isEqualTo("- | - | t | -");
	}

	@Test
	void metadataMayBeNull() {
		assertThat(audit(FAILED, null)).isEqualTo("- | - | f | -");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "enqueued", "in_progress", "waiting_for_retry", "complete", "error",
			"cancelled", "resolved_manually" })
	void otherStatesLeaveNoRow(String state) {
		this.session.task("T").step("a").in(state, 0, event("{\"success\": true}", null, null));
		assertThat(this.session.rows("select from tasker.workflow_step_result_audit")).isEmpty();
	}

	@Test
	void transitionFunctionLeavesARow() {
		StepRows step = this.session.task("T").step("a").in("in_progress");
		this.session.execute("select tasker.transition_step_state_atomic(?, 'in_progress', ?, ?::jsonb)", step.uuid(),
				OK, event("{\"success\": true}", W, K));
		assertThat(audits()).isEqualTo("%s | %s | t | -".formatted(W, K));
	}

	private String audit(String state, String metadata) {
		this.session.update("delete from tasker.workflow_step_result_audit");
		this.session.task("T").step("a").in(state, 0, metadata);
		return audits();
	}

	private String audits() {
		return this.session.row("""
				select worker_uuid, correlation_id, success, execution_time_ms from tasker.workflow_step_result_audit
				""");
	}

	private String event(String event, String worker, String correlation) {
		return this.session.row(
				"""
						select jsonb_strip_nulls(jsonb_build_object('event', ?::text, 'worker_uuid', ?::text, 'correlation_id', ?::text))
						""",
				event, worker, correlation);
	}

}
