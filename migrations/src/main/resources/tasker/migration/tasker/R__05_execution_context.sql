-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- The steps of a task in numbers, and what should be done with the task.

-- A step in error blocks its task, whatever else could run: a failure that shall be repeated has to
-- be in waiting_for_retry. Steps there, and cancelled ones, are in total_steps only.
create or replace function tasker.get_task_execution_contexts_batch(input_task_uuids uuid[])
  returns table (
    task_uuid uuid, named_task_uuid uuid, status text,
    total_steps bigint, pending_steps bigint, in_progress_steps bigint, completed_steps bigint,
    failed_steps bigint, ready_steps bigint,
    execution_status text, recommended_action text, completion_percentage numeric, health_status text,
    enqueued_steps bigint)
  language sql stable
as $$
  -- Rows come from tasks and not from the array, where a task may be named twice.
  select t.task_uuid, t.named_task_uuid, coalesce(tr.to_state, 'pending')::text,
    n.total, n.pending, n.in_progress, n.completed, n.failed, n.ready,
    decision.status,
    case decision.status
      when 'blocked_by_failures' then 'handle_failures'
      when 'has_ready_steps' then 'execute_ready_steps'
      when 'processing' then 'wait_for_completion'
      when 'all_complete' then 'finalize_task'
      else 'wait_for_dependencies'
    end,
    case when n.total = 0 then 0.0 else round(100.0 * n.completed / n.total, 2) end,
    case when n.failed > 0 then 'blocked' else 'healthy' end,
    n.enqueued
  from tasker.tasks t
  left join tasker.task_transitions tr on tr.task_uuid = t.task_uuid and tr.most_recent = true
  left join (
    select r.task_uuid,
      count(*) as total,
      count(*) filter (where r.current_state = 'pending') as pending,
      count(*) filter (where r.current_state = 'in_progress') as in_progress,
      count(*) filter (where r.current_state in ('complete', 'resolved_manually')) as completed,
      count(*) filter (where r.current_state = 'error') as failed,
      count(*) filter (where r.ready_for_execution) as ready,
      count(*) filter (where r.current_state in (
        'enqueued', 'enqueued_for_orchestration', 'enqueued_as_error_for_orchestration')) as enqueued
    from tasker.get_step_readiness_status_batch(input_task_uuids) r
    group by r.task_uuid) c on c.task_uuid = t.task_uuid
  -- A task without steps.
  cross join lateral (
    select coalesce(c.total, 0) as total, coalesce(c.pending, 0) as pending,
      coalesce(c.in_progress, 0) as in_progress, coalesce(c.completed, 0) as completed,
      coalesce(c.failed, 0) as failed, coalesce(c.ready, 0) as ready, coalesce(c.enqueued, 0) as enqueued) n
  cross join lateral (
    select case
      when n.failed > 0 then 'blocked_by_failures'
      when n.ready > 0 then 'has_ready_steps'
      when n.in_progress > 0 or n.enqueued > 0 then 'processing'
      when n.total > 0 and n.completed = n.total then 'all_complete'
      else 'waiting_for_dependencies'
    end as status) decision
  where t.task_uuid = any (input_task_uuids)
$$;

comment on function tasker.get_task_execution_contexts_batch(uuid[]) is
  'Numbers of steps and the recommended action, one row for each of some tasks';

create or replace function tasker.get_task_execution_context(input_task_uuid uuid)
  returns table (
    task_uuid uuid, named_task_uuid uuid, status text,
    total_steps bigint, pending_steps bigint, in_progress_steps bigint, completed_steps bigint,
    failed_steps bigint, ready_steps bigint,
    execution_status text, recommended_action text, completion_percentage numeric, health_status text,
    enqueued_steps bigint)
  language sql stable
as $$
  select c.* from tasker.get_task_execution_contexts_batch(array[input_task_uuid]) c
$$;

comment on function tasker.get_task_execution_context(uuid) is
  'Numbers of steps and the recommended action of a task';
