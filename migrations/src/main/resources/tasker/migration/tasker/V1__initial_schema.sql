-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Tables of the Tasker database, in the order in which they refer to each other:
--
--   1 schema, UUIDs and types
--   2 templates          what kinds of task and step there are
--   3 tasks              instances and the history of their states
--   4 steps              instances, their graph, the history of their states
--   5 dead letters       tasks somebody has to look at
--   6 annotations        free notes on tasks
--   7 external systems   stand-alone
--
-- Conventions:
--   * Runs as the owner of the schema: no superuser, no CREATE EXTENSION.
--   * Names, column order and types are shared with other implementations of Tasker; keep them.
--   * Each timestamp is UTC without a zone. A default is timezone('utc', now()) and never plain
--     now(), which would store the wall clock of the session's time zone.
--   * created_at and updated_at have a default only where SQL itself writes the row.
--   * Foreign keys have no action on delete: history is not removed by accident.


-- ---------------------------------------------------------------------------
-- 1 Schema, UUIDs and types
-- ---------------------------------------------------------------------------

-- CREATE SCHEMA IF NOT EXISTS asks for CREATE on the database before it looks, and so fails for
-- an owner whose schema was made by an administrator.
do $$
begin
  if to_regnamespace('tasker') is null then
    create schema tasker;
  end if;
end
$$;

-- The default of all UUID keys: version 7, so that new keys go to the right-hand end of an index.
-- VOLATILE is essential. Anything less is evaluated once for each statement, and all rows of a
-- multi-row insert would get the same key. The order within one millisecond is random.
--
-- The body is chosen here, once. RETURN binds names now, so search_path is of no importance later,
-- and the planner can still inline the function.
do $$
declare
  extension_schema name := (
    select n.nspname
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_uuidv7');
  body text;
begin
  if extension_schema = 'tasker' then
    return; -- the function of the extension has this very name
  elsif current_setting('server_version_num')::integer >= 180000 then
    body := 'pg_catalog.uuidv7()';
  elsif extension_schema is not null then
    body := format('%I.uuid_generate_v7()', extension_schema);
  else
    -- A random UUID (version 4) whose first 48 bits become the time in milliseconds. Its variant
    -- is right already; bits 52 and 53 turn version 4 (0100) into 7 (0111).
    body := $body$
      encode(
        set_bit(set_bit(
          overlay(uuid_send(gen_random_uuid())
            placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
            from 1 for 6),
          52, 1), 53, 1),
        'hex')::uuid
      $body$;
  end if;
  execute 'create function tasker.uuid_generate_v7() returns uuid language sql volatile parallel safe return ' || body;
  comment on function tasker.uuid_generate_v7() is
    'A new UUID of version 7, the default of all UUID keys; the order within one millisecond is random';
end
$$;

-- How the identity of a task is computed when the caller gives no idempotency key.
create type tasker.identity_strategy as enum (
  'strict', 'caller_provided', 'always_unique');

create type tasker.dlq_reason as enum (
  'staleness_timeout', 'max_retries_exceeded', 'dependency_cycle_detected', 'worker_unavailable', 'manual_dlq');

create type tasker.dlq_resolution_status as enum (
  'pending', 'manually_resolved', 'permanently_failed', 'cancelled');


-- ---------------------------------------------------------------------------
-- 2 Templates
-- ---------------------------------------------------------------------------

create table tasker.task_namespaces (
  task_namespace_uuid uuid not null default tasker.uuid_generate_v7(),
  name varchar(64) not null,
  description varchar(255),
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint task_namespaces_pkey primary key (task_namespace_uuid),
  constraint task_namespaces_name_key unique (name)
);

-- Task templates, one row for each namespace, name and version.
create table tasker.named_tasks (
  named_task_uuid uuid not null default tasker.uuid_generate_v7(),
  task_namespace_uuid uuid not null,
  name varchar(64) not null,
  description varchar(255),
  version varchar(16) not null default '0.1.0',
  configuration jsonb default '{}', -- the template itself; the staleness check reads "lifecycle"
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  identity_strategy tasker.identity_strategy not null default 'strict',
  constraint named_tasks_pkey primary key (named_task_uuid),
  constraint named_tasks_namespace_name_version_unique unique (task_namespace_uuid, name, version),
  constraint named_tasks_task_namespace_uuid_fkey
    foreign key (task_namespace_uuid) references tasker.task_namespaces (task_namespace_uuid)
);
create index idx_named_tasks_namespace_uuid on tasker.named_tasks (task_namespace_uuid);
create index idx_named_tasks_identity_strategy on tasker.named_tasks (identity_strategy);
create index idx_named_tasks_lifecycle_config on tasker.named_tasks using gin ((configuration -> 'lifecycle'))
  where (configuration -> 'lifecycle') is not null;

-- Step names, shared by all templates.
create table tasker.named_steps (
  named_step_uuid uuid not null default tasker.uuid_generate_v7(),
  name varchar(128) not null,
  description varchar(255),
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint named_steps_pkey primary key (named_step_uuid),
  constraint named_steps_name_unique unique (name)
);

-- Which steps a template has, and what a new step of it may do.
create table tasker.named_tasks_named_steps (
  ntns_uuid uuid not null default tasker.uuid_generate_v7(),
  named_task_uuid uuid not null,
  named_step_uuid uuid not null,
  default_retryable boolean not null default true,
  default_max_attempts integer not null default 3,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint named_tasks_named_steps_pkey primary key (ntns_uuid),
  constraint named_tasks_named_steps_unique unique (named_task_uuid, named_step_uuid),
  constraint named_tasks_named_steps_named_task_uuid_fkey
    foreign key (named_task_uuid) references tasker.named_tasks (named_task_uuid),
  constraint named_tasks_named_steps_named_step_uuid_fkey
    foreign key (named_step_uuid) references tasker.named_steps (named_step_uuid)
);


-- ---------------------------------------------------------------------------
-- 3 Tasks
-- ---------------------------------------------------------------------------

create table tasker.tasks (
  task_uuid uuid not null default tasker.uuid_generate_v7(),
  named_task_uuid uuid not null,
  complete boolean not null default false, -- set by the application, unlike completed_at
  requested_at timestamp not null,
  completed_at timestamp,
  initiator varchar(128),
  source_system varchar(128),
  reason varchar(128),
  tags jsonb,
  context jsonb, -- the input
  identity_hash varchar(128) not null,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  priority integer not null default 0, -- higher is sooner
  correlation_id uuid not null,
  parent_correlation_id uuid,
  constraint tasks_pkey primary key (task_uuid),
  constraint tasks_named_task_uuid_fkey
    foreign key (named_task_uuid) references tasker.named_tasks (named_task_uuid)
);
-- Applications recognise a duplicate task by the name of this index.
create unique index idx_tasks_identity_hash on tasker.tasks (identity_hash);
-- Discovery of work.
create index idx_tasks_active_with_priority_covering on tasker.tasks (complete, priority, task_uuid)
  include (named_task_uuid, requested_at)
  where complete = false;
create index idx_tasks_complete on tasker.tasks (complete);
create index idx_tasks_priority on tasker.tasks (priority);
-- Lists and searches of operators.
create index idx_tasks_named_task_uuid on tasker.tasks (named_task_uuid);
create index idx_tasks_requested_at on tasker.tasks (requested_at);
create index idx_tasks_completed_at on tasker.tasks (completed_at);
create index idx_tasks_uuid_temporal on tasker.tasks (task_uuid, created_at);
create index idx_tasks_source_system on tasker.tasks (source_system);
create index idx_tasks_tags_gin on tasker.tasks using gin (tags);                     -- all operators
create index idx_tasks_tags_gin_path on tasker.tasks using gin (tags jsonb_path_ops); -- containment only, smaller
-- Families of tasks.
create index idx_tasks_correlation_id on tasker.tasks (correlation_id);
create index idx_tasks_parent_correlation_id on tasker.tasks (parent_correlation_id)
  where parent_correlation_id is not null;
create index idx_tasks_correlation_hierarchy on tasker.tasks (parent_correlation_id, correlation_id)
  where parent_correlation_id is not null;

-- History of states. The row with most_recent is the current state.
create table tasker.task_transitions (
  task_transition_uuid uuid not null default tasker.uuid_generate_v7(),
  task_uuid uuid not null,
  to_state varchar not null,
  from_state varchar, -- null in the first row only
  metadata jsonb default '{}',
  sort_key integer not null, -- 1, 2, 3 … for each task
  most_recent boolean not null default false,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  processor_uuid uuid, -- who did it, for audits; owns nothing
  transition_metadata jsonb default '{}',
  constraint task_transitions_pkey primary key (task_transition_uuid),
  constraint task_transitions_task_uuid_fkey
    foreign key (task_uuid) references tasker.tasks (task_uuid),
  -- Checks and not an enum, which could never lose a value again.
  constraint chk_task_transitions_to_state check (to_state in (
    'pending', 'initializing', 'enqueuing_steps', 'steps_in_process', 'evaluating_results',
    'waiting_for_dependencies', 'waiting_for_retry', 'blocked_by_failures',
    'complete', 'error', 'cancelled', 'resolved_manually')),
  constraint chk_task_transitions_from_state check (from_state is null or from_state in (
    'pending', 'initializing', 'enqueuing_steps', 'steps_in_process', 'evaluating_results',
    'waiting_for_dependencies', 'waiting_for_retry', 'blocked_by_failures',
    'complete', 'error', 'cancelled', 'resolved_manually'))
);
-- No task has two current states, whoever writes the rows.
create unique index idx_task_transitions_uuid_most_recent on tasker.task_transitions (task_uuid, most_recent)
  where most_recent = true;
create index idx_task_transitions_most_recent on tasker.task_transitions (most_recent)
  where most_recent = true;
create index idx_task_transitions_state_lookup on tasker.task_transitions (task_uuid, to_state, most_recent)
  where most_recent = true;
create index idx_task_transitions_timeout on tasker.task_transitions ((transition_metadata ->> 'timeout_at'))
  where most_recent = true;
create index idx_task_transitions_task_uuid on tasker.task_transitions (task_uuid);
create index idx_task_transitions_uuid_sort_key on tasker.task_transitions (task_uuid, sort_key);
create index idx_task_transitions_uuid_temporal on tasker.task_transitions (task_transition_uuid, created_at);
create index idx_task_transitions_processor on tasker.task_transitions (processor_uuid)
  where processor_uuid is not null;


-- ---------------------------------------------------------------------------
-- 4 Steps
-- ---------------------------------------------------------------------------

create table tasker.workflow_steps (
  workflow_step_uuid uuid not null default tasker.uuid_generate_v7(),
  task_uuid uuid not null,
  named_step_uuid uuid not null,
  retryable boolean not null default true,
  max_attempts integer default 3,
  in_process boolean not null default false, -- a worker is on it
  processed boolean not null default false, -- finished, one way or another
  processed_at timestamp,
  attempts integer, -- null until the first claim
  last_attempted_at timestamp, -- the last claim, or the last time a backoff was set
  backoff_request_seconds integer, -- wait asked for after the last failure
  inputs jsonb,
  results jsonb,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  priority integer not null default 0,
  checkpoint jsonb, -- how far a step that works in batches has come
  constraint workflow_steps_pkey primary key (workflow_step_uuid),
  constraint uq_workflow_step_task_named_step unique (task_uuid, named_step_uuid),
  constraint workflow_steps_task_uuid_fkey
    foreign key (task_uuid) references tasker.tasks (task_uuid),
  constraint workflow_steps_named_step_uuid_fkey
    foreign key (named_step_uuid) references tasker.named_steps (named_step_uuid)
);
-- All steps of a task.
create index idx_workflow_steps_task_uuid on tasker.workflow_steps (task_uuid);
create index idx_workflow_steps_task_covering on tasker.workflow_steps (task_uuid)
  include (workflow_step_uuid, processed, in_process, attempts, max_attempts);
create index idx_workflow_steps_processing_status on tasker.workflow_steps (task_uuid, processed, in_process);
-- Steps that are not finished: which are ready, which may be tried again.
create index idx_workflow_steps_ready_covering on tasker.workflow_steps (task_uuid, processed, in_process)
  include (workflow_step_uuid, attempts, max_attempts, retryable)
  where processed = false;
create index idx_workflow_steps_task_readiness on tasker.workflow_steps (task_uuid, processed, workflow_step_uuid)
  where processed = false;
create index idx_workflow_steps_task_grouping_active on tasker.workflow_steps (task_uuid, workflow_step_uuid)
  where processed = false or processed is null;
create index idx_workflow_steps_active_operations on tasker.workflow_steps (workflow_step_uuid, task_uuid)
  where processed = false or processed is null;
create index idx_workflow_steps_retry_logic on tasker.workflow_steps (attempts, max_attempts, retryable);
create index idx_workflow_steps_retry_status on tasker.workflow_steps (attempts, max_attempts);
-- Results of parents, and statistics of finished steps.
create index idx_workflow_steps_transitive_deps on tasker.workflow_steps (workflow_step_uuid, named_step_uuid)
  include (task_uuid, processed);
create index idx_workflow_steps_named_step_uuid on tasker.workflow_steps (named_step_uuid);
create index idx_workflow_steps_processed_at on tasker.workflow_steps (processed_at);
-- Steps that were interrupted in the middle of their batches.
create index idx_workflow_steps_checkpoint_exists on tasker.workflow_steps (workflow_step_uuid)
  where checkpoint is not null;
create index idx_workflow_steps_checkpoint_cursor on tasker.workflow_steps ((checkpoint ->> 'cursor'))
  where checkpoint is not null;

-- The graph of the steps of a task. It is free of cycles because the application checks the
-- template before it creates steps; no constraint can.
create table tasker.workflow_step_edges (
  workflow_step_edge_uuid uuid not null default tasker.uuid_generate_v7(),
  from_step_uuid uuid not null, -- parent
  to_step_uuid uuid not null, -- child
  name varchar not null,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint workflow_step_edges_pkey primary key (workflow_step_edge_uuid),
  constraint unique_edge_per_step_pair unique (from_step_uuid, to_step_uuid, name),
  constraint workflow_step_edges_from_step_uuid_fkey
    foreign key (from_step_uuid) references tasker.workflow_steps (workflow_step_uuid),
  constraint workflow_step_edges_to_step_uuid_fkey
    foreign key (to_step_uuid) references tasker.workflow_steps (workflow_step_uuid)
);
create index idx_workflow_step_edges_from_step on tasker.workflow_step_edges (from_step_uuid);
create index idx_workflow_step_edges_from_step_name on tasker.workflow_step_edges (from_step_uuid, name);
create index idx_workflow_step_edges_to_step on tasker.workflow_step_edges (to_step_uuid);

-- History of states. The row with most_recent is the current state.
create table tasker.workflow_step_transitions (
  workflow_step_transition_uuid uuid not null default tasker.uuid_generate_v7(),
  workflow_step_uuid uuid not null,
  to_state varchar not null,
  from_state varchar, -- null in the first row only
  metadata jsonb default '{}', -- who reported what; the source of the audit below
  sort_key integer not null, -- 1, 2, 3 … for each step
  most_recent boolean not null default false,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint workflow_step_transitions_pkey primary key (workflow_step_transition_uuid),
  constraint workflow_step_transitions_workflow_step_uuid_fkey
    foreign key (workflow_step_uuid) references tasker.workflow_steps (workflow_step_uuid),
  constraint chk_workflow_step_transitions_to_state check (to_state in (
    'pending', 'enqueued', 'in_progress',
    'enqueued_for_orchestration', 'enqueued_as_error_for_orchestration', 'waiting_for_retry',
    'complete', 'error', 'cancelled', 'resolved_manually')),
  constraint chk_workflow_step_transitions_from_state check (from_state is null or from_state in (
    'pending', 'enqueued', 'in_progress',
    'enqueued_for_orchestration', 'enqueued_as_error_for_orchestration', 'waiting_for_retry',
    'complete', 'error', 'cancelled', 'resolved_manually'))
);
-- No step has two current states, whoever writes the rows.
create unique index idx_workflow_step_transitions_uuid_most_recent
  on tasker.workflow_step_transitions (workflow_step_uuid, most_recent)
  where most_recent = true;
create index idx_workflow_step_transitions_most_recent on tasker.workflow_step_transitions (most_recent)
  where most_recent = true;
create index idx_workflow_step_transitions_state_lookup
  on tasker.workflow_step_transitions (workflow_step_uuid, to_state, most_recent)
  where most_recent = true;
create index idx_workflow_step_transitions_step_uuid on tasker.workflow_step_transitions (workflow_step_uuid);
create index idx_workflow_step_transitions_uuid_sort_key
  on tasker.workflow_step_transitions (workflow_step_uuid, sort_key);
create index idx_workflow_step_transitions_uuid_temporal
  on tasker.workflow_step_transitions (workflow_step_transition_uuid, created_at);

-- One row for each reported result. It repeats the task of the step and values of the transition's
-- metadata as columns, so that a report needs neither a join nor JSON.
create table tasker.workflow_step_result_audit (
  workflow_step_result_audit_uuid uuid not null default tasker.uuid_generate_v7(),
  workflow_step_uuid uuid not null,
  workflow_step_transition_uuid uuid not null,
  task_uuid uuid not null,
  recorded_at timestamp(6) not null default timezone('utc', now()),
  worker_uuid uuid,
  correlation_id uuid,
  success boolean not null,
  execution_time_ms bigint,
  created_at timestamp(6) not null default timezone('utc', now()),
  updated_at timestamp(6) not null default timezone('utc', now()),
  constraint workflow_step_result_audit_pkey primary key (workflow_step_result_audit_uuid),
  constraint uq_audit_step_transition unique (workflow_step_uuid, workflow_step_transition_uuid),
  constraint workflow_step_result_audit_workflow_step_uuid_fkey
    foreign key (workflow_step_uuid) references tasker.workflow_steps (workflow_step_uuid),
  constraint workflow_step_result_audit_step_transition_uuid_fkey
    foreign key (workflow_step_transition_uuid)
    references tasker.workflow_step_transitions (workflow_step_transition_uuid),
  constraint workflow_step_result_audit_task_uuid_fkey
    foreign key (task_uuid) references tasker.tasks (task_uuid)
);
create index idx_audit_step_uuid on tasker.workflow_step_result_audit (workflow_step_uuid);
create index idx_audit_task_uuid on tasker.workflow_step_result_audit (task_uuid);
create index idx_audit_recorded_at on tasker.workflow_step_result_audit (recorded_at);
create index idx_audit_success on tasker.workflow_step_result_audit (success);
create index idx_audit_worker_uuid on tasker.workflow_step_result_audit (worker_uuid)
  where worker_uuid is not null;
create index idx_audit_correlation_id on tasker.workflow_step_result_audit (correlation_id)
  where correlation_id is not null;


-- ---------------------------------------------------------------------------
-- 5 Dead letters
-- ---------------------------------------------------------------------------

-- An investigation log: closing an entry changes no task.
create table tasker.tasks_dlq (
  dlq_entry_uuid uuid not null default tasker.uuid_generate_v7(),
  task_uuid uuid not null,
  original_state varchar(50) not null,
  dlq_reason tasker.dlq_reason not null,
  dlq_timestamp timestamp not null default timezone('utc', now()),
  resolution_status tasker.dlq_resolution_status not null default 'pending',
  resolution_timestamp timestamp,
  resolution_notes text,
  resolved_by varchar(255),
  task_snapshot jsonb not null, -- the task as it was found
  metadata jsonb,
  created_at timestamp not null default timezone('utc', now()),
  updated_at timestamp not null default timezone('utc', now()),
  constraint tasks_dlq_pkey primary key (dlq_entry_uuid),
  constraint tasks_dlq_task_uuid_fkey
    foreign key (task_uuid) references tasker.tasks (task_uuid)
);
-- A task has one open entry at most, and any number of closed ones.
create unique index idx_dlq_unique_pending_task on tasker.tasks_dlq (task_uuid)
  where resolution_status = 'pending';
create index idx_dlq_task_lookup on tasker.tasks_dlq (task_uuid);
create index idx_dlq_resolution_status on tasker.tasks_dlq (resolution_status, dlq_timestamp);
create index idx_dlq_reason on tasker.tasks_dlq (dlq_reason);
create index idx_dlq_timestamp on tasker.tasks_dlq (dlq_timestamp desc);


-- ---------------------------------------------------------------------------
-- 6 Annotations
-- ---------------------------------------------------------------------------

create table tasker.annotation_types (
  annotation_type_id integer not null generated by default as identity,
  name varchar(64) not null,
  description varchar(255),
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint annotation_types_pkey primary key (annotation_type_id),
  constraint annotation_types_name_key unique (name)
);

create table tasker.task_annotations (
  task_annotation_id bigint not null generated by default as identity,
  task_uuid uuid not null,
  annotation_type_id integer not null,
  annotation jsonb,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint task_annotations_pkey primary key (task_annotation_id),
  constraint task_annotations_task_uuid_fkey
    foreign key (task_uuid) references tasker.tasks (task_uuid),
  constraint task_annotations_annotation_type_id_fkey
    foreign key (annotation_type_id) references tasker.annotation_types (annotation_type_id)
);
create index idx_task_annotations_task_uuid on tasker.task_annotations (task_uuid);
create index idx_task_annotations_type_id on tasker.task_annotations (annotation_type_id);


-- ---------------------------------------------------------------------------
-- 7 External systems
-- ---------------------------------------------------------------------------

create table tasker.dependent_systems (
  dependent_system_uuid uuid not null default tasker.uuid_generate_v7(),
  name varchar(64) not null,
  description varchar(255),
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint dependent_systems_pkey primary key (dependent_system_uuid),
  constraint dependent_systems_name_key unique (name)
);

-- What one object is called in two external systems.
create table tasker.dependent_system_object_maps (
  dependent_system_object_map_id bigint not null generated by default as identity,
  dependent_system_one_uuid uuid not null,
  dependent_system_two_uuid uuid not null,
  remote_id_one varchar(128) not null,
  remote_id_two varchar(128) not null,
  created_at timestamp(6) not null,
  updated_at timestamp(6) not null,
  constraint dependent_system_object_maps_pkey primary key (dependent_system_object_map_id),
  constraint dependent_system_object_maps_dependent_system_one_uuid_fkey
    foreign key (dependent_system_one_uuid) references tasker.dependent_systems (dependent_system_uuid),
  constraint dependent_system_object_maps_dependent_system_two_uuid_fkey
    foreign key (dependent_system_two_uuid) references tasker.dependent_systems (dependent_system_uuid)
);
