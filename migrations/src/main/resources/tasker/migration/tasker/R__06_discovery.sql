-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Which task is next, and which ones somebody has stopped working on.

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
  -- So that tasks that wait for something do not make a call endless.
  max_locked bigint := 10 * p_limit::bigint;
  locked bigint := 0;
  accepted bigint := 0;
  candidate record;
  context record;
begin
  if p_limit < 0 then
    raise exception 'p_limit must not be negative, and is %', p_limit
      using errcode = 'invalid_row_count_in_limit_clause';
  end if;
  for candidate in
    -- Narrow rows in floating point, because all candidates have to be sorted. All current transitions
    -- are read: the indexes are part of the contract, and none is by state.
    select t.task_uuid, t.priority, t.created_at, tr.task_transition_uuid, tr.to_state,
      case
        when tr.created_at > timezone('utc', now()) - interval '1 hour' then
          t.priority + date_part('epoch', timezone('utc', now()) - t.created_at) / 3600 * 0.1
        when tr.created_at > timezone('utc', now()) - interval '24 hours' then
          t.priority * exp(- date_part('epoch', timezone('utc', now()) - tr.created_at) / 43200)
        else 0.1
      end as urgency
    from tasker.task_transitions tr
    join tasker.tasks t on t.task_uuid = tr.task_uuid
    where tr.most_recent = true
      and (tr.to_state = 'pending'
        or tr.to_state = 'waiting_for_dependencies'
          and tr.created_at >= timezone('utc', now()) - interval '60 minutes'
        or tr.to_state = 'waiting_for_retry'
          and tr.created_at >= timezone('utc', now()) - interval '30 minutes')
    order by urgency desc, t.created_at, t.task_uuid
  loop
    -- A limit of null is never reached.
    exit when accepted >= p_limit or locked >= max_locked;
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
