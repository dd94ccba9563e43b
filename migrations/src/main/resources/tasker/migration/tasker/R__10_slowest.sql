-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Which steps and tasks take longest, one by one and by kind. Durations are compared before they are
-- rounded; of equal ones the first by key comes first, so that a limit always cuts the same.

create or replace function tasker.get_slowest_steps(
    since_timestamp timestamptz default null, limit_count integer default 10,
    namespace_filter text default null, task_name_filter text default null, version_filter text default null)
  returns table (
    workflow_step_uuid uuid, task_uuid uuid, step_name varchar, task_name varchar, namespace_name varchar,
    version varchar, duration_seconds numeric, attempts integer, created_at timestamp, completed_at timestamp,
    retryable boolean, step_status varchar)
  language sql stable
as $$
  select s.workflow_step_uuid, s.task_uuid, ns.name, nt.name, n.name, nt.version,
    round(extract(epoch from tr.created_at - s.created_at), 3), s.attempts, s.created_at, tr.created_at,
    s.retryable, tr.to_state
  from tasker.workflow_steps s
  join tasker.workflow_step_transitions tr
    on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
  join tasker.named_steps ns on ns.named_step_uuid = s.named_step_uuid
  join tasker.tasks t on t.task_uuid = s.task_uuid
  join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
  join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
  where s.created_at > timezone('utc', coalesce(since_timestamp, now() - interval '24 hours'))
    and tr.to_state = 'complete'
    and tr.created_at > s.created_at
    and (namespace_filter is null or n.name = namespace_filter)
    and (task_name_filter is null or nt.name = task_name_filter)
    and (version_filter is null or nt.version = version_filter)
  order by tr.created_at - s.created_at desc, s.workflow_step_uuid
  limit limit_count
$$;

comment on function tasker.get_slowest_steps(timestamptz, integer, text, text, text) is
  'Complete steps created since a time, by default the last 24 hours, the longest first';

-- A task runs until the last of its steps that are done, whether it is finished or not.
create or replace function tasker.get_slowest_tasks(
    since_timestamp timestamptz default null, limit_count integer default 10,
    namespace_filter text default null, task_name_filter text default null, version_filter text default null)
  returns table (
    task_uuid uuid, task_name varchar, namespace_name varchar, version varchar, duration_seconds numeric,
    step_count bigint, completed_steps bigint, error_steps bigint, created_at timestamp, completed_at timestamp,
    initiator varchar, source_system varchar)
  language sql stable
as $$
  select t.task_uuid, nt.name, n.name, nt.version,
    round(extract(epoch from max(tr.created_at) filter (where tr.to_state in ('complete', 'error')) - t.created_at), 3),
    count(*),
    count(*) filter (where tr.to_state = 'complete'),
    count(*) filter (where tr.to_state = 'error'),
    t.created_at,
    max(tr.created_at) filter (where tr.to_state in ('complete', 'error')),
    t.initiator, t.source_system
  from tasker.tasks t
  join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
  join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
  join tasker.workflow_steps s on s.task_uuid = t.task_uuid
  left join tasker.workflow_step_transitions tr
    on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
  where t.created_at > timezone('utc', coalesce(since_timestamp, now() - interval '24 hours'))
    and (namespace_filter is null or n.name = namespace_filter)
    and (task_name_filter is null or nt.name = task_name_filter)
    and (version_filter is null or nt.version = version_filter)
  -- Keys of the three tables, on which the other columns depend.
  group by t.task_uuid, nt.named_task_uuid, n.task_namespace_uuid
  having max(tr.created_at) filter (where tr.to_state in ('complete', 'error')) > t.created_at
  order by max(tr.created_at) filter (where tr.to_state in ('complete', 'error')) - t.created_at desc, t.task_uuid
  limit limit_count
$$;

comment on function tasker.get_slowest_tasks(timestamptz, integer, text, text, text) is
  'Tasks created since a time, by default the last 24 hours, with a step that is done, the longest first';

create or replace function tasker.get_slowest_steps_aggregated(
    since_timestamp timestamptz default null, limit_count integer default 10, min_executions integer default 5,
    namespace_filter text default null, task_name_filter text default null, version_filter text default null)
  returns table (
    namespace_name varchar, task_name varchar, version varchar, step_name varchar,
    average_duration_seconds numeric, max_duration_seconds numeric, execution_count bigint, error_count bigint,
    error_rate numeric, last_executed_at timestamp)
  language sql stable
as $$
  select n.name, nt.name, nt.version, ns.name,
    round(avg(duration.seconds), 3), round(max(duration.seconds), 3), count(*),
    count(*) filter (where tr.to_state = 'error'),
    round((count(*) filter (where tr.to_state = 'error'))::numeric / count(*), 4),
    max(tr.created_at)
  from tasker.workflow_steps s
  join tasker.workflow_step_transitions tr
    on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
  join tasker.named_steps ns on ns.named_step_uuid = s.named_step_uuid
  join tasker.tasks t on t.task_uuid = s.task_uuid
  join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
  join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
  cross join lateral (select extract(epoch from tr.created_at - s.created_at) as seconds) duration
  where s.created_at > timezone('utc', coalesce(since_timestamp, now() - interval '24 hours'))
    and tr.to_state in ('complete', 'error')
    and duration.seconds > 0
    and (namespace_filter is null or n.name = namespace_filter)
    and (task_name_filter is null or nt.name = task_name_filter)
    and (version_filter is null or nt.version = version_filter)
  group by n.name, nt.name, nt.version, ns.name
  having count(*) >= min_executions
  order by avg(duration.seconds) desc, n.name, nt.name, nt.version, ns.name
  limit limit_count
$$;

comment on function tasker.get_slowest_steps_aggregated(timestamptz, integer, integer, text, text, text) is
  'Complete and failed steps by kind, the longest on average first';

create or replace function tasker.get_slowest_tasks_aggregated(
    since_timestamp timestamptz default null, limit_count integer default 10, min_executions integer default 5,
    namespace_filter text default null, task_name_filter text default null, version_filter text default null)
  returns table (
    namespace_name varchar, task_name varchar, version varchar,
    average_duration_seconds numeric, max_duration_seconds numeric, execution_count bigint,
    average_step_count numeric, total_error_steps bigint, error_rate numeric, last_executed_at timestamp)
  language sql stable
as $$
  select t.namespace_name, t.task_name, t.version,
    round(avg(duration.seconds), 3), round(max(duration.seconds), 3), count(*),
    round(avg(t.step_count), 2), sum(t.error_steps)::bigint,
    -- Failed steps of a task, which may be more than one.
    round(sum(t.error_steps) / count(*), 4),
    max(t.completed_at)
  from tasker.get_slowest_tasks(since_timestamp, null, namespace_filter, task_name_filter, version_filter) t
  cross join lateral (select extract(epoch from t.completed_at - t.created_at) as seconds) duration
  group by t.namespace_name, t.task_name, t.version
  having count(*) >= min_executions
  order by avg(duration.seconds) desc, t.namespace_name, t.task_name, t.version
  limit limit_count
$$;

comment on function tasker.get_slowest_tasks_aggregated(timestamptz, integer, integer, text, text, text) is
  'Tasks by kind, the longest on average first';

-- Names that callers know.

create or replace function tasker.get_slowest_steps_v01(
    since_timestamp timestamptz default null, limit_count integer default 10,
    namespace_filter text default null, task_name_filter text default null, version_filter text default null)
  returns table (
    workflow_step_uuid uuid, task_uuid uuid, step_name varchar, task_name varchar, namespace_name varchar,
    version varchar, duration_seconds numeric, attempts integer, created_at timestamp, completed_at timestamp,
    retryable boolean, step_status varchar)
  language sql stable
as $$
  select s.*
  from tasker.get_slowest_steps(
    since_timestamp, limit_count, namespace_filter, task_name_filter, version_filter) s
$$;

comment on function tasker.get_slowest_steps_v01(timestamptz, integer, text, text, text) is
  'The same as get_slowest_steps';

create or replace function tasker.get_slowest_tasks_v01(
    since_timestamp timestamptz default null, limit_count integer default 10,
    namespace_filter text default null, task_name_filter text default null, version_filter text default null)
  returns table (
    task_uuid uuid, task_name varchar, namespace_name varchar, version varchar, duration_seconds numeric,
    step_count bigint, completed_steps bigint, error_steps bigint, created_at timestamp, completed_at timestamp,
    initiator varchar, source_system varchar)
  language sql stable
as $$
  select t.*
  from tasker.get_slowest_tasks(
    since_timestamp, limit_count, namespace_filter, task_name_filter, version_filter) t
$$;

comment on function tasker.get_slowest_tasks_v01(timestamptz, integer, text, text, text) is
  'The same as get_slowest_tasks';
