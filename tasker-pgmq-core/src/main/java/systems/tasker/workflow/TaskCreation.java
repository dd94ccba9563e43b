/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import systems.tasker.messages.TaskRequest;

/**
 * Creates tasks.
 */
final class TaskCreation {

	private static final int MAX_TEXT = 128;

	private final WorkflowSession session;

	private final TaskTemplates templates;

	TaskCreation(WorkflowSession session, TaskTemplates templates) {
		this.session = session;
		this.templates = templates;
	}

	UUID create(TaskRequest request) {
		Arguments.text("initiator", request.initiator(), MAX_TEXT);
		Arguments.text("sourceSystem", request.sourceSystem(), MAX_TEXT);
		Arguments.text("reason", request.reason(), MAX_TEXT);
		if (request.idempotencyKey() != null) {
			Arguments.text("idempotencyKey", request.idempotencyKey(), Integer.MAX_VALUE);
		}
		String context = this.session.json().optional("context", request.context());
		String tags = Json.plain("tags", request.tags());
		return this.session.transactions().call(() -> {
			TaskTemplates.Stored stored = this.templates.load(request.namespace(), request.name(), request.version())
				.orElseThrow(
						() -> TaskerNotFoundException.template(request.namespace(), request.name(), request.version()));
			String identity = TaskIdentity.hash(stored.namedTask(), stored.template().identityStrategy(),
					request.idempotencyKey(), context);
			UUID task = insertTask(stored.namedTask(), request, identity, context, tags)
				.orElseThrow(() -> new DuplicateTaskException(existing(identity)));
			insertSteps(task, stored.template());
			initialize(task);
			return task;
		});
	}

	// Not by the error of the unique index: "do nothing" waits for whoever creates the
	// same task, as the error would, and leaves the transaction usable, so that the task
	// that exists can be looked up.
	private Optional<UUID> insertTask(UUID namedTask, TaskRequest request, @Nullable String identity,
			@Nullable String context, String tags) {
		return this.session.jdbc()
			.sql("""
					insert into tasker.tasks (
					  named_task_uuid, requested_at, initiator, source_system, reason, tags, context, identity_hash,
					  priority, correlation_id, parent_correlation_id, created_at, updated_at)
					values (
					  :named_task, :requested_at, :initiator, :source_system, :reason, :tags::jsonb, :context::jsonb,
					  coalesce(:identity::text, tasker.uuid_generate_v7()::text),
					  coalesce(:priority::integer, 0), :correlation::uuid, :parent_correlation::uuid,
					  timezone('utc', now()), timezone('utc', now()))
					on conflict (identity_hash) do nothing
					returning task_uuid
					""")
			.param("named_task", namedTask)
			.param("requested_at", request.requestedAt())
			.param("initiator", request.initiator())
			.param("source_system", request.sourceSystem())
			.param("reason", request.reason())
			.param("tags", tags)
			.param("context", context)
			.param("identity", identity)
			.param("priority", request.priority())
			.param("correlation", request.correlationId())
			.param("parent_correlation", request.parentCorrelationId())
			.query(UUID.class)
			.optional();
	}

	private UUID existing(@Nullable String identity) {
		return this.session.jdbc().sql("""
				select t.task_uuid from tasker.tasks t where t.identity_hash = :identity
				""").param("identity", identity).query(UUID.class).single();
	}

	private void insertSteps(UUID task, TaskTemplate template) {
		String steps = Json.plain(TaskTemplate.STEPS,
				template.steps()
					.stream()
					.map((step) -> Map.of(StoredJson.NAME, step.name(), StoredJson.RETRYABLE, step.retryable(),
							StoredJson.MAX_ATTEMPTS, step.maxAttempts(), StoredJson.DEPENDENCIES, step.dependsOn()))
					.toList());
		this.session.jdbc().sql("""
				insert into tasker.workflow_steps (
				  task_uuid, named_step_uuid, retryable, max_attempts, created_at, updated_at)
				select :task, ns.named_step_uuid, s.retryable, s.max_attempts, timezone('utc', now()),
				  timezone('utc', now())
				from jsonb_to_recordset(:steps::jsonb) as s (name varchar, retryable boolean, max_attempts integer)
				join tasker.named_steps ns on ns.name = s.name
				""").param("task", task).param("steps", steps).update();
		this.session.jdbc().sql("""
				with step as (
				  select s.workflow_step_uuid, ns.name
				  from tasker.workflow_steps s
				  join tasker.named_steps ns on ns.named_step_uuid = s.named_step_uuid
				  where s.task_uuid = :task)
				insert into tasker.workflow_step_edges (from_step_uuid, to_step_uuid, name, created_at, updated_at)
				select parent.workflow_step_uuid, child.workflow_step_uuid, 'provides', timezone('utc', now()),
				  timezone('utc', now())
				from jsonb_to_recordset(:steps::jsonb) as s (name varchar, dependencies jsonb)
				cross join lateral jsonb_array_elements_text(s.dependencies) as d (name)
				join step parent on parent.name = d.name
				join step child on child.name = s.name
				""").param("task", task).param("steps", steps).update();
	}

	private void initialize(UUID task) {
		this.session.jdbc().sql("""
				select tasker.initialize_task_state(:task::uuid), tasker.initialize_step_states(:task::uuid)
				""").param("task", task).query().singleRow();
	}

}
