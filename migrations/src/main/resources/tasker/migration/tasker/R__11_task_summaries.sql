-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Whole tasks in one row each, and the templates they are made from.

-- The columns of a task, read as UTC; timestamps inside JSON are text in UTC, in any session.
create or replace function tasker.get_task_summaries(input_task_uuids uuid[])
  returns table (
    task_uuid uuid, named_task_uuid uuid, task_name text, task_version text, namespace_name text,
    task_status text, created_at timestamptz, updated_at timestamptz, completed_at timestamptz,
    initiator text, source_system text, reason text, correlation_id uuid, template_configuration jsonb,
    step_summaries jsonb, execution_context jsonb, dlq_status jsonb)
  language sql stable
as $$
  select t.task_uuid, t.named_task_uuid, nt.name::text, nt.version::text, n.name::text, c.status,
    timezone('utc', t.created_at), timezone('utc', t.updated_at), timezone('utc', t.completed_at),
    t.initiator::text, t.source_system::text, t.reason::text, t.correlation_id, nt.configuration,
    coalesce(steps.summaries, '[]'),
    jsonb_build_object(
      'total_steps', c.total_steps,
      'pending_steps', c.pending_steps,
      'in_progress_steps', c.in_progress_steps,
      'completed_steps', c.completed_steps,
      'failed_steps', c.failed_steps,
      'completion_percentage', c.completion_percentage,
      'health_status', c.health_status,
      'execution_status', c.execution_status,
      'recommended_action', c.recommended_action),
    jsonb_build_object(
      'in_dlq', d.dlq_entry_uuid is not null,
      'dlq_reason', d.dlq_reason,
      'resolution_status', d.resolution_status)
  from tasker.tasks t
  join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
  join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
  join tasker.get_task_execution_contexts_batch(input_task_uuids) c on c.task_uuid = t.task_uuid
  left join (
    select s.task_uuid,
      jsonb_agg(
        jsonb_build_object(
          'step_uuid', s.workflow_step_uuid,
          'name', r.name,
          'current_state', r.current_state,
          'created_at', to_char(s.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
          'completed_at', to_char(s.processed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
          'last_attempted_at', to_char(s.last_attempted_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
          'attempts', r.attempts,
          'max_attempts', r.max_attempts,
          'dependencies_satisfied', r.dependencies_satisfied,
          'retry_eligible', r.retry_eligible,
          'error_type', s.results #>> '{error,type}',
          'error_retryable', (s.results #>> '{error,retryable}')::boolean,
          'error_status_code', (s.results #>> '{error,status_code}')::integer)
        order by s.created_at, s.workflow_step_uuid) as summaries
    from tasker.get_step_readiness_status_batch(input_task_uuids) r
    join tasker.workflow_steps s on s.workflow_step_uuid = r.workflow_step_uuid
    group by s.task_uuid) steps on steps.task_uuid = t.task_uuid
  left join tasker.tasks_dlq d on d.task_uuid = t.task_uuid and d.resolution_status = 'pending'
  where t.task_uuid = any (input_task_uuids)
$$;

comment on function tasker.get_task_summaries(uuid[]) is
  'Some tasks with their steps and all that is known of them';

create or replace function tasker.get_task_summary(input_task_uuid uuid)
  returns table (
    task_uuid uuid, named_task_uuid uuid, task_name text, task_version text, namespace_name text,
    task_status text, created_at timestamptz, updated_at timestamptz, completed_at timestamptz,
    initiator text, source_system text, reason text, correlation_id uuid, template_configuration jsonb,
    step_summaries jsonb, execution_context jsonb, dlq_status jsonb)
  language sql stable
as $$
  select s.* from tasker.get_task_summaries(array[input_task_uuid]) s
$$;

comment on function tasker.get_task_summary(uuid) is
  'A task with its steps and all that is known of it';

create or replace view tasker.task_templates as
select n.name as namespace_name, nt.name, nt.version, nt.configuration, nt.identity_strategy, nt.named_task_uuid
from tasker.named_tasks nt
join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid;

comment on view tasker.task_templates is
  'Task templates with the name of their namespace';
