-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Which task is next, and which ones have been in the same active state for long.

-- Each task goes to one caller: its row is locked before anything is decided about it, and stays
-- locked until the transaction ends. Keep that short, and move the task with
-- transition_task_state_atomic before the end.
--
-- FOR UPDATE, unlike everywhere else: a task to which another transaction is adding rows is passed
-- over, too, and comes with a later call.
create or replace function tasker.get_next_ready_tasks(p_limit integer default 5)
  returns table (
    task_uuid uuid, task_name varchar, priority integer, namespace_name varchar, ready_steps_count bigint,
    computed_priority numeric, current_state varchar)
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  utc_now timestamp := timezone('utc', now());
  -- So that tasks that wait for something do not make a call endless.
  max_locked bigint := 10 * p_limit::bigint;
  locked bigint := 0;
  accepted bigint := 0;
  -- One list is enough, unless others hold tasks that are in it.
  list_size bigint := max_locked;
  listed bigint;
  candidate record;
  last_urgency double precision;
  last_created_at timestamp;
  last_task uuid;
  context record;
  -- Beyond a tenth of all tasks it is faster to read the tables than to look up each task.
  few bigint := greatest(5000, (
    select c.reltuples / 10 from pg_catalog.pg_class c where c.oid = 'tasker.tasks'::regclass));
begin
  if p_limit < 0 then
    raise exception 'p_limit must not be negative, and is %', p_limit
      using errcode = 'invalid_row_count_in_limit_clause';
  end if;
  loop
    listed := 0;
    for candidate in
      -- No index finds a state, but idx_task_transitions_state_lookup has all of them, and the condition
      -- is checked inside it: that is several times as fast as reading the rows. An index can do this
      -- with one comparison only; least() makes it right in every collation.
      with found as materialized (
        select tr.task_uuid, tr.to_state
        from tasker.task_transitions tr
        where tr.most_recent = true
          and tr.to_state >= least('pending', 'waiting_for_dependencies', 'waiting_for_retry')
        order by tr.task_uuid
        limit few + 1),
      current_states as (
        -- Few: each one is looked up; "limit 1" is a fence as in step readiness.
        select t.task_uuid, t.priority, t.created_at, tr.task_transition_uuid, tr.to_state, tr.created_at as since
        from found f
        cross join lateral (
          select c.task_transition_uuid, c.to_state, c.created_at
          from tasker.task_transitions c
          where c.task_uuid = f.task_uuid and c.most_recent = true
          limit 1) tr
        cross join lateral (
          select c.task_uuid, c.priority, c.created_at
          from tasker.tasks c
          where c.task_uuid = f.task_uuid
          limit 1) t
        where f.to_state in ('pending', 'waiting_for_dependencies', 'waiting_for_retry')
          and (select count(*) from found) <= few
        union all
        -- Many: both tables are read.
        select t.task_uuid, t.priority, t.created_at, tr.task_transition_uuid, tr.to_state, tr.created_at
        from tasker.task_transitions tr
        join tasker.tasks t on t.task_uuid = tr.task_uuid
        where tr.most_recent = true
          and (select count(*) from found) > few),
      candidates as (
        -- In floating point, because all of them have to be compared.
        select s.task_uuid, s.priority, s.created_at, s.task_transition_uuid, s.to_state,
          case
            when s.since > utc_now - interval '1 hour' then
              s.priority + date_part('epoch', utc_now - s.created_at) / 3600 * 0.1
            when s.since > utc_now - interval '24 hours' then
              s.priority * exp(- date_part('epoch', utc_now - s.since) / 43200)
            else 0.1
          end as urgency
        from current_states s
        where s.to_state = 'pending'
          or s.to_state = 'waiting_for_dependencies' and s.since >= utc_now - interval '60 minutes'
          or s.to_state = 'waiting_for_retry' and s.since >= utc_now - interval '30 minutes')
      select c.*
      from candidates c
      where last_task is null
        or (- c.urgency, c.created_at, c.task_uuid) > (- last_urgency, last_created_at, last_task)
      order by c.urgency desc, c.created_at, c.task_uuid
      limit list_size
    loop
      -- A limit of null is never reached.
      if accepted >= p_limit or locked >= max_locked then
        return;
      end if;
      listed := listed + 1;
      last_urgency := candidate.urgency;
      last_created_at := candidate.created_at;
      last_task := candidate.task_uuid;
      perform from tasker.tasks t where t.task_uuid = candidate.task_uuid for update skip locked;
      continue when not found;
      locked := locked + 1;
      -- Somebody may have moved the task, and committed, since the list was made.
      perform from tasker.task_transitions tr
      where tr.task_transition_uuid = candidate.task_transition_uuid and tr.most_recent = true;
      continue when not found;
      select c.ready_steps, c.execution_status into context
      from tasker.get_task_execution_context(candidate.task_uuid) c;
      continue when candidate.to_state <> 'pending' and context.execution_status <> 'has_ready_steps';
      accepted := accepted + 1;
      return query
      select candidate.task_uuid, nt.name, candidate.priority, n.name, context.ready_steps,
        candidate.urgency::numeric, candidate.to_state
      from tasker.tasks t
      join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
      join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
      where t.task_uuid = candidate.task_uuid;
    end loop;
    exit when accepted >= p_limit or locked >= max_locked or list_size is null or listed < list_size;
    list_size := list_size * 10;
  end loop;
end
$$;

comment on function tasker.get_next_ready_tasks(integer) is
  'Locks and returns the most urgent tasks that can go on; never one that another transaction has locked';

create or replace function tasker.get_next_ready_task()
  returns table (
    task_uuid uuid, task_name varchar, priority integer, namespace_name varchar, ready_steps_count bigint,
    computed_priority numeric, current_state varchar)
  language sql volatile
as $$
  select r.* from tasker.get_next_ready_tasks(1) r
$$;

comment on function tasker.get_next_ready_task() is
  'Locks and returns the most urgent task that can go on';

-- Shows any task, and without the ageing that moves old tasks to the end of the list.
create or replace function tasker.get_task_ready_info(p_task_uuid uuid)
  returns table (
    task_uuid uuid, task_name varchar, priority integer, namespace_name varchar, ready_steps_count bigint,
    computed_priority numeric, current_state varchar)
  language sql stable
as $$
  select t.task_uuid, nt.name, t.priority, n.name, c.ready_steps,
    t.priority + extract(epoch from timezone('utc', now()) - t.created_at) / 3600 * 0.1,
    tr.to_state
  from tasker.tasks t
  join tasker.task_transitions tr on tr.task_uuid = t.task_uuid and tr.most_recent = true
  join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
  join tasker.task_namespaces n on n.task_namespace_uuid = nt.task_namespace_uuid
  cross join lateral tasker.get_task_execution_context(p_task_uuid) c
  where t.task_uuid = p_task_uuid
$$;

comment on function tasker.get_task_ready_info(uuid) is
  'What discovery would say about a task, in any state and without a lock';

create or replace function tasker.find_stuck_tasks(p_timeout_minutes integer default 10)
  returns table (task_uuid uuid, current_state varchar, processor_uuid uuid, stuck_duration_minutes integer)
  language sql stable
as $$
  select tr.task_uuid, tr.to_state, tr.processor_uuid,
    round(extract(epoch from timezone('utc', now()) - tr.created_at))::integer / 60
  from tasker.task_transitions tr
  where tr.most_recent = true
    and tr.to_state in ('initializing', 'enqueuing_steps', 'steps_in_process', 'evaluating_results')
    and tr.created_at < timezone('utc', now()) - make_interval(mins => p_timeout_minutes)
$$;

comment on function tasker.find_stuck_tasks(integer) is
  'Tasks that have been in an active state for longer than some minutes; changes nothing';
