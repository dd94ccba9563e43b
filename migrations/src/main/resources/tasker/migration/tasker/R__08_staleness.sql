-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Tasks that wait for too long: how long is too long, which tasks do, and moving them to error.

-- A template may set limits of its own. A state that is not watched has a day, for those who ask.
create or replace function tasker.calculate_staleness_threshold(
    p_task_state varchar, p_template_config jsonb, p_default_waiting_deps integer default 60,
    p_default_waiting_retry integer default 30, p_default_steps_process integer default 30)
  returns integer
  language sql immutable
return case p_task_state
  when 'waiting_for_dependencies' then coalesce(
    (p_template_config #>> '{lifecycle,max_waiting_for_dependencies_minutes}')::integer, p_default_waiting_deps)
  when 'waiting_for_retry' then coalesce(
    (p_template_config #>> '{lifecycle,max_waiting_for_retry_minutes}')::integer, p_default_waiting_retry)
  when 'steps_in_process' then coalesce(
    (p_template_config #>> '{lifecycle,max_steps_in_process_minutes}')::integer, p_default_steps_process)
  else 1440
end;

comment on function tasker.calculate_staleness_threshold(varchar, jsonb, integer, integer, integer) is
  'Minutes after which a task in a state is stale; raises 22P02 for a limit that is no integer';

create or replace view tasker.v_task_state_analysis as
select t.task_uuid, t.correlation_id, n.name as namespace_name, n.task_namespace_uuid as namespace_uuid,
  nt.name as task_name, nt.named_task_uuid, nt.configuration as template_config,
  tr.to_state as current_state, tr.created_at as state_entered_at,
  extract(epoch from timezone('utc', now()) - tr.created_at) / 60 as time_in_state_minutes,
  extract(epoch from timezone('utc', now()) - t.created_at) / 60 as task_age_minutes,
  t.priority, t.complete
from tasker.tasks t
join tasker.task_transitions tr on tr.task_uuid = t.task_uuid and tr.most_recent = true
join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
where t.complete = false;

comment on view tasker.v_task_state_analysis is
  'State and age of tasks that are not complete';

create or replace view tasker.v_task_staleness_monitoring as
select a.task_uuid, a.namespace_name, a.task_name, a.current_state, a.time_in_state_minutes, a.task_age_minutes,
  threshold.minutes as staleness_threshold_minutes,
  case
    when a.time_in_state_minutes >= threshold.minutes then 'stale'
    when a.time_in_state_minutes >= 0.8 * threshold.minutes then 'warning'
    else 'healthy'
  end as health_status,
  a.priority
from tasker.v_task_state_analysis a
cross join lateral (
  select tasker.calculate_staleness_threshold(a.current_state, a.template_config, 60, 30, 30) as minutes) threshold
where a.current_state in ('waiting_for_dependencies', 'waiting_for_retry', 'steps_in_process');

comment on view tasker.v_task_staleness_monitoring is
  'How close waiting tasks are to their limit; the age of the task plays no part';

create or replace function tasker.get_stale_tasks_for_dlq(
    p_default_waiting_deps integer default 60, p_default_waiting_retry integer default 30,
    p_default_steps_process integer default 30, p_max_lifetime_hours integer default 24,
    p_batch_size integer default 100)
  returns table (
    task_uuid uuid, namespace_name varchar, task_name varchar, current_state varchar,
    time_in_state_minutes numeric, threshold_minutes integer, task_age_minutes numeric)
  language sql stable
as $$
  select a.task_uuid, a.namespace_name, a.task_name, a.current_state, a.time_in_state_minutes,
    threshold.minutes, a.task_age_minutes
  from tasker.v_task_state_analysis a
  cross join lateral (
    select tasker.calculate_staleness_threshold(
      a.current_state, a.template_config, p_default_waiting_deps, p_default_waiting_retry,
      p_default_steps_process) as minutes) threshold
  where a.current_state in ('waiting_for_dependencies', 'waiting_for_retry', 'steps_in_process')
    -- No integer holds the minutes of the most hours.
    and (a.time_in_state_minutes >= threshold.minutes or a.task_age_minutes >= p_max_lifetime_hours * 60::numeric)
    and not exists (
      select from tasker.tasks_dlq d where d.task_uuid = a.task_uuid and d.resolution_status = 'pending')
  order by a.time_in_state_minutes desc, a.task_uuid
  limit p_batch_size
$$;

comment on function tasker.get_stale_tasks_for_dlq(integer, integer, integer, integer, integer) is
  'Waiting tasks that are over their limit or too old, without an open entry; the longest wait first';

-- Never fails, for the sake of the tasks that come after.
create or replace function tasker.transition_stale_task_to_error(
    p_task_uuid uuid, p_current_state varchar, p_namespace_name varchar, p_task_name varchar)
  returns boolean
  language plpgsql
  set search_path = tasker, pg_temp
as $$
begin
  return tasker.transition_task_state_atomic(p_task_uuid, p_current_state, 'error', null,
    jsonb_build_object(
      'reason', 'staleness_timeout',
      'namespace', p_namespace_name,
      'task_name', p_task_name,
      'detected_at', to_char(timezone('utc', now()), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')));
exception when others then
  raise warning 'Failed to move stale task % to error: %', p_task_uuid, sqlerrm;
  return false;
end
$$;

comment on function tasker.transition_stale_task_to_error(uuid, varchar, varchar, varchar) is
  'Moves a task that is still in p_current_state to error; false if it is not, and with a warning on any error';

-- A dry run unless it is ruled out: null writes nothing either.
create or replace function tasker.detect_and_transition_stale_tasks(
    p_dry_run boolean default true, p_batch_size integer default 100,
    p_default_waiting_deps_threshold integer default 60, p_default_waiting_retry_threshold integer default 30,
    p_default_steps_in_process_threshold integer default 30, p_default_task_max_lifetime_hours integer default 24)
  returns table (
    task_uuid uuid, namespace_name varchar, task_name varchar, current_state varchar,
    time_in_state_minutes integer, staleness_threshold_minutes integer, action_taken varchar,
    moved_to_dlq boolean, transition_success boolean)
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  -- Found once, each with the transition that made it wait, and JSON because there is no array of
  -- records.
  found_tasks jsonb := (
    select jsonb_agg(to_jsonb(f) || jsonb_build_object('task_transition_uuid', tr.task_transition_uuid)
      order by f.time_in_state_minutes desc, f.task_uuid)
    from tasker.get_stale_tasks_for_dlq(
      p_default_waiting_deps_threshold, p_default_waiting_retry_threshold,
      p_default_steps_in_process_threshold, p_default_task_max_lifetime_hours, p_batch_size) f
    join tasker.task_transitions tr on tr.task_uuid = f.task_uuid and tr.most_recent = true);
  stale record;
begin
  -- A statement of its own: even if it met no row, it would need the right to write.
  if p_dry_run is false then
    -- All tasks before the first one is touched, and by UUID, the order in which everybody locks tasks.
    -- Two runs at the same time then wait for each other and cannot deadlock.
    perform from tasker.tasks t
    where t.task_uuid in (select f.task_uuid from jsonb_to_recordset(found_tasks) as f (task_uuid uuid))
    order by t.task_uuid
    for no key update;
  end if;
  for stale in
    select f.*
    from jsonb_to_recordset(found_tasks) as f (
      task_uuid uuid, namespace_name varchar, task_name varchar, current_state varchar,
      time_in_state_minutes numeric, threshold_minutes integer, task_transition_uuid uuid)
  loop
    task_uuid := stale.task_uuid;
    namespace_name := stale.namespace_name;
    task_name := stale.task_name;
    current_state := stale.current_state;
    time_in_state_minutes := round(stale.time_in_state_minutes);
    staleness_threshold_minutes := stale.threshold_minutes;
    if p_dry_run is not false then
      moved_to_dlq := false;
      transition_success := false;
      action_taken := 'would_transition_to_dlq_and_error';
    else
      -- Each may succeed without the other: the task may have an entry, or have moved on, by now.
      moved_to_dlq := tasker.create_dlq_entry(
        task_uuid, namespace_name, task_name, current_state, time_in_state_minutes,
        staleness_threshold_minutes, 'staleness_timeout') is not null;
      -- The name of the state does not tell: the task may have gone on, and be in the same state anew.
      transition_success := case when exists (
          select from tasker.task_transitions tr
          where tr.task_transition_uuid = stale.task_transition_uuid and tr.most_recent = true)
        then tasker.transition_stale_task_to_error(task_uuid, current_state, namespace_name, task_name)
        else false
      end;
      action_taken := case
        when moved_to_dlq and transition_success then 'transitioned_to_dlq_and_error'
        when moved_to_dlq then 'moved_to_dlq_only'
        when transition_success then 'transitioned_to_error_only'
        else 'transition_failed'
      end;
    end if;
    return next;
  end loop;
end
$$;

comment on function
  tasker.detect_and_transition_stale_tasks(boolean, integer, integer, integer, integer, integer) is
  'Makes entries for stale tasks and moves them to error; only says so unless p_dry_run is false';

-- A name that callers know. Stuck tasks in the sense of find_stuck_tasks are others.
create or replace function tasker.detect_and_transition_stuck_tasks(
    p_dry_run boolean default true, p_batch_size integer default 100,
    p_default_waiting_deps_threshold integer default 60, p_default_waiting_retry_threshold integer default 30,
    p_default_steps_in_process_threshold integer default 30, p_default_task_max_lifetime_hours integer default 24)
  returns table (
    task_uuid uuid, namespace_name varchar, task_name varchar, current_state varchar,
    time_in_state_minutes integer, staleness_threshold_minutes integer, action_taken varchar,
    moved_to_dlq boolean, transition_success boolean)
  language sql volatile
as $$
  select r.*
  from tasker.detect_and_transition_stale_tasks(
    p_dry_run, p_batch_size, p_default_waiting_deps_threshold, p_default_waiting_retry_threshold,
    p_default_steps_in_process_threshold, p_default_task_max_lifetime_hours) r
$$;

comment on function
  tasker.detect_and_transition_stuck_tasks(boolean, integer, integer, integer, integer, integer) is
  'The same as detect_and_transition_stale_tasks';
