-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- The log of tasks that somebody has to look at: writing an entry, and two views for operators.

-- Never fails: whoever makes entries for many tasks goes on with the next one. Null means that there
-- is no new entry, silently because an open one exists, or with a warning that says why.
create or replace function tasker.create_dlq_entry(
    p_task_uuid uuid, p_namespace_name varchar, p_task_name varchar, p_current_state varchar,
    p_time_in_state_minutes integer, p_threshold_minutes integer,
    p_dlq_reason varchar default 'staleness_timeout')
  returns uuid
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  entry uuid;
  iso_utc constant text := 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"';
begin
  insert into tasker.tasks_dlq (task_uuid, original_state, dlq_reason, task_snapshot, metadata)
  values (
    p_task_uuid, p_current_state, p_dlq_reason::tasker.dlq_reason,
    -- Null, which the column refuses, when there is no such task.
    (select jsonb_build_object(
        'task_uuid', t.task_uuid,
        'namespace', p_namespace_name,
        'task_name', p_task_name,
        'current_state', p_current_state,
        'time_in_state_minutes', p_time_in_state_minutes,
        'threshold_minutes', p_threshold_minutes,
        'snapshot_timestamp', to_char(timezone('utc', now()), iso_utc),
        'task_details', jsonb_build_object(
          'correlation_id', t.correlation_id,
          'priority', t.priority,
          'requested_at', to_char(t.requested_at, iso_utc),
          'created_at', to_char(t.created_at, iso_utc)))
      from tasker.tasks t
      where t.task_uuid = p_task_uuid),
    jsonb_build_object(
      -- The same for every caller: readers know no other value.
      'detection_method', 'automatic_staleness',
      'time_in_state_minutes', p_time_in_state_minutes,
      'threshold_minutes', p_threshold_minutes))
  on conflict (task_uuid) where resolution_status = 'pending' do nothing
  returning dlq_entry_uuid into entry;
  return entry;
exception when others then
  raise warning 'Failed to create DLQ entry for task %: %', p_task_uuid, sqlerrm;
  return null;
end
$$;

comment on function tasker.create_dlq_entry(uuid, varchar, varchar, varchar, integer, integer, varchar) is
  'Makes an entry for a task without an open one; null if it has one, and with a warning on any error';

-- An open entry counts with its age, so the mean grows while nobody works.
create or replace view tasker.v_dlq_dashboard as
select d.dlq_reason,
  count(*) as total_entries,
  count(*) filter (where d.resolution_status = 'pending') as pending,
  count(*) filter (where d.resolution_status = 'manually_resolved') as manually_resolved,
  count(*) filter (where d.resolution_status = 'permanently_failed') as permanent_failures,
  count(*) filter (where d.resolution_status = 'cancelled') as cancelled,
  min(d.dlq_timestamp) as oldest_entry,
  max(d.dlq_timestamp) as newest_entry,
  avg(extract(epoch from coalesce(d.resolution_timestamp, timezone('utc', now())) - d.dlq_timestamp) / 60)
    as avg_resolution_time_minutes
from tasker.tasks_dlq d
group by d.dlq_reason;

comment on view tasker.v_dlq_dashboard is
  'Entries by reason';

create or replace view tasker.v_dlq_investigation_queue as
select d.dlq_entry_uuid, d.task_uuid, d.original_state, d.dlq_reason, d.dlq_timestamp,
  age.minutes as minutes_in_dlq,
  d.task_snapshot ->> 'namespace' as namespace_name,
  d.task_snapshot ->> 'task_name' as task_name,
  d.task_snapshot ->> 'current_state' as current_state,
  (d.metadata ->> 'time_in_state_minutes')::integer as time_in_state_minutes,
  age.minutes + case d.dlq_reason
    when 'dependency_cycle_detected' then 1000
    when 'max_retries_exceeded' then 500
    when 'staleness_timeout' then 100
    when 'worker_unavailable' then 50
    else 10
  end as priority_score
from tasker.tasks_dlq d
cross join lateral (
  select extract(epoch from timezone('utc', now()) - d.dlq_timestamp) / 60 as minutes) age
where d.resolution_status = 'pending'
order by priority_score desc;

comment on view tasker.v_dlq_investigation_queue is
  'Open entries, the most urgent first';
