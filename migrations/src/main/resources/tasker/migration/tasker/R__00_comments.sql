-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- What the schema, its types and its tables say of themselves in the catalogue. Functions and views
-- have their comments beside them.

comment on schema tasker is
  'Tasks, their steps and the history of their states';

comment on type tasker.identity_strategy is
  'How the identity of a task is computed when the caller gives no idempotency key';
comment on type tasker.dlq_reason is
  'Why somebody has to look at a task';
comment on type tasker.dlq_resolution_status is
  'How the investigation of a task ended, or that it is pending';

-- Templates

comment on table tasker.task_namespaces is
  'Namespaces of task templates';

comment on table tasker.named_tasks is
  'Task templates, one row for each namespace, name and version';
comment on column tasker.named_tasks.configuration is
  'The template itself; the staleness check reads "lifecycle"';

comment on table tasker.named_steps is
  'Step names, shared by all templates';

comment on table tasker.named_tasks_named_steps is
  'Which steps a template has';
comment on column tasker.named_tasks_named_steps.default_retryable is 'The column retryable of a new step';
comment on column tasker.named_tasks_named_steps.default_max_attempts is 'The column max_attempts of a new step';

-- Tasks

comment on table tasker.tasks is
  'Task instances';
comment on column tasker.tasks.named_task_uuid is 'Template the task was made from';
comment on column tasker.tasks.complete is 'Set by the application when the task enters complete';
comment on column tasker.tasks.requested_at is 'When the caller asked for the task';
comment on column tasker.tasks.completed_at is 'Set by transition_task_state_atomic when the task enters complete';
comment on column tasker.tasks.initiator is 'Who asked for the task';
comment on column tasker.tasks.source_system is 'Where the task was asked for';
comment on column tasker.tasks.reason is 'Why the task was asked for';
comment on column tasker.tasks.tags is 'Free labels';
comment on column tasker.tasks.context is 'Input of the task';
comment on column tasker.tasks.identity_hash is 'Unique, so that the same task is not made twice';
comment on column tasker.tasks.priority is 'Higher is sooner';
comment on column tasker.tasks.correlation_id is 'Of the caller, or made for the task';
comment on column tasker.tasks.parent_correlation_id is 'Correlation of the task that this one is a child of';

comment on table tasker.task_transitions is
  'State history of tasks';
comment on column tasker.task_transitions.from_state is 'Null only in the first row';
comment on column tasker.task_transitions.metadata is 'Not written by the functions';
comment on column tasker.task_transitions.sort_key is '1, 2, 3 … for each task';
comment on column tasker.task_transitions.most_recent is 'True for the current transition only';
comment on column tasker.task_transitions.processor_uuid is 'Who made the transition, for audits; owns nothing';
comment on column tasker.task_transitions.transition_metadata is 'Metadata given to transition_task_state_atomic';

-- Steps

comment on table tasker.workflow_steps is
  'Step instances';
comment on column tasker.workflow_steps.retryable is 'Whether the step may be attempted again';
comment on column tasker.workflow_steps.max_attempts is 'Null reads as 3 in readiness';
comment on column tasker.workflow_steps.in_process is 'A worker is on it';
comment on column tasker.workflow_steps.processed is 'Finished, one way or another';
comment on column tasker.workflow_steps.attempts is 'Null until the first claim';
comment on column tasker.workflow_steps.last_attempted_at is 'Last claim, or last time a backoff was set';
comment on column tasker.workflow_steps.backoff_request_seconds is 'Wait requested after the last failure';
comment on column tasker.workflow_steps.inputs is 'Input of the step';
comment on column tasker.workflow_steps.results is 'Result, or error, of the step';
comment on column tasker.workflow_steps.priority is 'Stored only; no function reads it';
comment on column tasker.workflow_steps.checkpoint is 'How far a step that works in batches has come';

comment on table tasker.workflow_step_edges is
  'Graph of the steps of a task';
comment on column tasker.workflow_step_edges.from_step_uuid is 'Parent';
comment on column tasker.workflow_step_edges.to_step_uuid is 'Child';
comment on column tasker.workflow_step_edges.name is 'Label; the application writes "provides"';

comment on table tasker.workflow_step_transitions is
  'State history of steps';
comment on column tasker.workflow_step_transitions.from_state is 'Null only in the first row';
comment on column tasker.workflow_step_transitions.metadata is
  'Metadata given to transition_step_state_atomic; the source of the audit';
comment on column tasker.workflow_step_transitions.sort_key is '1, 2, 3 … for each step';
comment on column tasker.workflow_step_transitions.most_recent is 'True for the current transition only';

comment on table tasker.workflow_step_result_audit is
  'One row for each reported step result';
comment on column tasker.workflow_step_result_audit.workflow_step_transition_uuid is
  'The transition that reported the result';

-- Dead letters

comment on table tasker.tasks_dlq is
  'Investigation log of tasks that went stale or failed; closing an entry changes no task';
comment on column tasker.tasks_dlq.original_state is 'State in which the task was found';
comment on column tasker.tasks_dlq.dlq_timestamp is 'When the task was entered';
comment on column tasker.tasks_dlq.task_snapshot is 'The task as it was found';
comment on column tasker.tasks_dlq.metadata is 'How the task was found';
comment on column tasker.tasks_dlq.updated_at is 'Maintained by a trigger';

-- Annotations

comment on table tasker.annotation_types is
  'Kinds of annotation';
comment on table tasker.task_annotations is
  'Annotations of tasks';
comment on column tasker.task_annotations.annotation is 'Any JSON';

-- External systems

comment on table tasker.dependent_systems is
  'External systems';
comment on table tasker.dependent_system_object_maps is
  'Pairs of identifiers of the same object in two external systems';
comment on column tasker.dependent_system_object_maps.remote_id_one is 'Identifier in system one';
comment on column tasker.dependent_system_object_maps.remote_id_two is 'Identifier in system two';
