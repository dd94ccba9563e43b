-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- The whole system in numbers.

-- Who has no transition is in a total and nowhere else.
create or replace function tasker.get_system_health_counts()
  returns table (
    pending_tasks bigint, initializing_tasks bigint, enqueuing_steps_tasks bigint,
    steps_in_process_tasks bigint, evaluating_results_tasks bigint, waiting_for_dependencies_tasks bigint,
    waiting_for_retry_tasks bigint, blocked_by_failures_tasks bigint, complete_tasks bigint,
    error_tasks bigint, cancelled_tasks bigint, resolved_manually_tasks bigint, total_tasks bigint,
    pending_steps bigint, enqueued_steps bigint, in_progress_steps bigint,
    enqueued_for_orchestration_steps bigint, enqueued_as_error_for_orchestration_steps bigint,
    waiting_for_retry_steps bigint, complete_steps bigint, error_steps bigint, cancelled_steps bigint,
    resolved_manually_steps bigint, total_steps bigint)
  language sql stable
as $$
  select t.*, s.*
  from (
    select
      count(*) filter (where tr.to_state = 'pending'),
      count(*) filter (where tr.to_state = 'initializing'),
      count(*) filter (where tr.to_state = 'enqueuing_steps'),
      count(*) filter (where tr.to_state = 'steps_in_process'),
      count(*) filter (where tr.to_state = 'evaluating_results'),
      count(*) filter (where tr.to_state = 'waiting_for_dependencies'),
      count(*) filter (where tr.to_state = 'waiting_for_retry'),
      count(*) filter (where tr.to_state = 'blocked_by_failures'),
      count(*) filter (where tr.to_state = 'complete'),
      count(*) filter (where tr.to_state = 'error'),
      count(*) filter (where tr.to_state = 'cancelled'),
      count(*) filter (where tr.to_state = 'resolved_manually'),
      count(*)
    from tasker.tasks t
    left join tasker.task_transitions tr on tr.task_uuid = t.task_uuid and tr.most_recent = true) t
  cross join (
    select
      count(*) filter (where tr.to_state = 'pending'),
      count(*) filter (where tr.to_state = 'enqueued'),
      count(*) filter (where tr.to_state = 'in_progress'),
      count(*) filter (where tr.to_state = 'enqueued_for_orchestration'),
      count(*) filter (where tr.to_state = 'enqueued_as_error_for_orchestration'),
      count(*) filter (where tr.to_state = 'waiting_for_retry'),
      count(*) filter (where tr.to_state = 'complete'),
      count(*) filter (where tr.to_state = 'error'),
      count(*) filter (where tr.to_state = 'cancelled'),
      count(*) filter (where tr.to_state = 'resolved_manually'),
      count(*)
    from tasker.workflow_steps s
    left join tasker.workflow_step_transitions tr
      on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true) s
$$;

comment on function tasker.get_system_health_counts() is
  'Tasks and steps by current state';

-- "Complete" and "error" are states of steps; a task counts when one of its steps is there.
create or replace function tasker.get_analytics_metrics(since_timestamp timestamptz default null)
  returns table (
    active_tasks_count bigint, total_namespaces_count bigint, unique_task_types_count bigint,
    system_health_score numeric, task_throughput bigint, completion_count bigint, error_count bigint,
    completion_rate numeric, error_rate numeric, avg_task_duration numeric, avg_step_duration numeric,
    step_throughput bigint, analysis_period_start timestamptz, calculated_at timestamptz)
  language sql stable
as $$
  with period as (
    select coalesce(since_timestamp, now() - interval '1 hour') as start),
  -- One row for each step, and one for a task without steps. Not materialized, so that only the tasks
  -- of a period are read.
  step as not materialized (
    select t.task_uuid, t.created_at as task_created_at, s.workflow_step_uuid, s.created_at as step_created_at,
      tr.to_state, tr.created_at as state_entered_at
    from tasker.tasks t
    left join tasker.workflow_steps s on s.task_uuid = t.task_uuid
    left join tasker.workflow_step_transitions tr
      on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true),
  active as (
    select count(distinct s.task_uuid) as tasks
    from tasker.workflow_steps s
    join tasker.workflow_step_transitions tr
      on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
    where tr.to_state not in ('complete', 'error', 'resolved_manually')),
  used as (
    select count(distinct n.name) as namespaces, count(distinct nt.name) as task_types
    from tasker.named_tasks nt
    join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
    where exists (select from tasker.tasks t where t.named_task_uuid = nt.named_task_uuid)),
  -- Always the last hour: the score says how the system is, not how it was.
  last_hour as (
    select count(distinct s.task_uuid) filter (where s.to_state = 'complete') as completed,
      count(distinct s.task_uuid) filter (where s.to_state = 'error') as failed
    from step s
    where s.task_created_at > timezone('utc', now() - interval '1 hour')),
  recent as (
    select count(distinct s.task_uuid) as tasks,
      count(s.workflow_step_uuid) as steps,
      count(distinct s.task_uuid) filter (where s.to_state = 'complete') as completed,
      count(distinct s.task_uuid) filter (where s.to_state = 'error') as failed,
      avg(extract(epoch from s.state_entered_at - s.task_created_at)) filter (where s.to_state = 'complete')
        as task_duration,
      avg(extract(epoch from s.state_entered_at - s.step_created_at)) filter (where s.to_state = 'complete')
        as step_duration
    from step s cross join period p
    where s.task_created_at > timezone('utc', p.start))
  select a.tasks, u.namespaces, u.task_types,
    coalesce(round(h.completed::numeric / nullif(h.completed + h.failed, 0), 3), 1.0),
    r.tasks, r.completed, r.failed,
    coalesce(round(100.0 * r.completed / nullif(r.tasks, 0), 2), 0.0),
    coalesce(round(100.0 * r.failed / nullif(r.tasks, 0), 2), 0.0),
    coalesce(round(r.task_duration, 3), 0.000), coalesce(round(r.step_duration, 3), 0.000),
    r.steps, p.start, now()
  from active a cross join used u cross join last_hour h cross join recent r cross join period p
$$;

comment on function tasker.get_analytics_metrics(timestamptz) is
  'Load, success and speed since a time, by default the last hour';

-- Names that callers know.

create or replace function tasker.get_system_health_counts_v01()
  returns table (
    pending_tasks bigint, initializing_tasks bigint, enqueuing_steps_tasks bigint,
    steps_in_process_tasks bigint, evaluating_results_tasks bigint, waiting_for_dependencies_tasks bigint,
    waiting_for_retry_tasks bigint, blocked_by_failures_tasks bigint, complete_tasks bigint,
    error_tasks bigint, cancelled_tasks bigint, resolved_manually_tasks bigint, total_tasks bigint,
    pending_steps bigint, enqueued_steps bigint, in_progress_steps bigint,
    enqueued_for_orchestration_steps bigint, enqueued_as_error_for_orchestration_steps bigint,
    waiting_for_retry_steps bigint, complete_steps bigint, error_steps bigint, cancelled_steps bigint,
    resolved_manually_steps bigint, total_steps bigint)
  language sql stable
as $$
  select c.* from tasker.get_system_health_counts() c
$$;

comment on function tasker.get_system_health_counts_v01() is
  'The same as get_system_health_counts';

create or replace function tasker.get_analytics_metrics_v01(since_timestamp timestamptz default null)
  returns table (
    active_tasks_count bigint, total_namespaces_count bigint, unique_task_types_count bigint,
    system_health_score numeric, task_throughput bigint, completion_count bigint, error_count bigint,
    completion_rate numeric, error_rate numeric, avg_task_duration numeric, avg_step_duration numeric,
    step_throughput bigint, analysis_period_start timestamptz, calculated_at timestamptz)
  language sql stable
as $$
  select m.* from tasker.get_analytics_metrics(since_timestamp) m
$$;

comment on function tasker.get_analytics_metrics_v01(timestamptz) is
  'The same as get_analytics_metrics';
