-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- States of tasks and steps: the allowed edges, the first state, the way from one to the next.
--
-- The functions below are the only writers of task_transitions and workflow_step_transitions.
-- What a new state means for other columns is the caller's business, in the same transaction.
--
-- All R__ files: names carry their schema, so that no search_path of a session matters. A plpgsql
-- function fixes its search_path on top of that; a function in SQL does not, because the planner
-- could then no longer inline it. A changed signature or result type, or another column of a view,
-- needs a V file that drops the old object first: "create or replace" cannot do it.

-- The matrix of both state machines, here and nowhere else; docs/state-machines.md shows it.
-- A function and not a table: it is code, and nobody can change a row of it.
create or replace function tasker.state_edges()
  returns table (machine text, from_state text, to_state text)
  language sql immutable
as $$
  select m.machine, m.from_state, t.to_state
  from (values
    -- complete, error, cancelled and resolved_manually end a task.
    ('task', 'pending', array[
      'initializing', 'cancelled', 'resolved_manually']),
    ('task', 'initializing', array[
      'enqueuing_steps', 'waiting_for_dependencies', 'complete', 'cancelled', 'resolved_manually']),
    ('task', 'enqueuing_steps', array[
      'steps_in_process', 'error', 'cancelled', 'resolved_manually']),
    ('task', 'steps_in_process', array[
      'evaluating_results', 'waiting_for_retry', 'complete', 'error', 'cancelled', 'resolved_manually']),
    ('task', 'evaluating_results', array[
      'enqueuing_steps', 'waiting_for_dependencies', 'blocked_by_failures', 'complete', 'cancelled',
      'resolved_manually']),
    ('task', 'waiting_for_dependencies', array[
      'evaluating_results', 'error', 'cancelled', 'resolved_manually']),
    ('task', 'waiting_for_retry', array[
      'enqueuing_steps', 'error', 'cancelled', 'resolved_manually']),
    ('task', 'blocked_by_failures', array[
      'error', 'cancelled', 'resolved_manually']),
    -- A step in error may be tried again. Any step may be corrected by hand, also a finished one.
    ('step', 'pending', array[
      'enqueued', 'in_progress', 'waiting_for_retry', 'complete', 'error', 'cancelled', 'resolved_manually']),
    ('step', 'enqueued', array[
      'in_progress', 'waiting_for_retry', 'complete', 'error', 'cancelled', 'resolved_manually']),
    ('step', 'in_progress', array[
      'enqueued_for_orchestration', 'enqueued_as_error_for_orchestration', 'waiting_for_retry', 'complete',
      'error', 'cancelled', 'resolved_manually']),
    ('step', 'enqueued_for_orchestration', array[
      'complete', 'error', 'cancelled', 'resolved_manually']),
    ('step', 'enqueued_as_error_for_orchestration', array[
      'waiting_for_retry', 'complete', 'error', 'cancelled', 'resolved_manually']),
    ('step', 'waiting_for_retry', array[
      'pending', 'complete', 'cancelled', 'resolved_manually']),
    ('step', 'error', array[
      'pending', 'complete', 'cancelled', 'resolved_manually']),
    ('step', 'complete', array[
      'complete', 'resolved_manually']),
    ('step', 'cancelled', array[
      'complete', 'resolved_manually']),
    ('step', 'resolved_manually', array[
      'complete', 'resolved_manually'])
  ) as m (machine, from_state, to_states)
  cross join lateral unnest(m.to_states) as t (to_state)
$$;

comment on function tasker.state_edges() is
  'The allowed changes of state; machine is task or step';

-- The lock on the task lets a simultaneous call wait, and then see what was written.
create or replace function tasker.initialize_task_state(p_task_uuid uuid)
  returns integer
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  written integer;
begin
  perform from tasker.tasks t where t.task_uuid = p_task_uuid for no key update;
  insert into tasker.task_transitions (task_uuid, to_state, sort_key, most_recent, created_at, updated_at)
  select t.task_uuid, 'pending', 1, true, timezone('utc', now()), timezone('utc', now())
  from tasker.tasks t
  where t.task_uuid = p_task_uuid
    and not exists (select from tasker.task_transitions tr where tr.task_uuid = t.task_uuid);
  get diagnostics written = row_count;
  return written;
end
$$;

comment on function tasker.initialize_task_state(uuid) is
  'Puts a task without any state into pending; returns how many rows were written';

create or replace function tasker.initialize_step_states(p_task_uuid uuid)
  returns integer
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  written integer;
begin
  perform from tasker.tasks t where t.task_uuid = p_task_uuid for no key update;
  insert into tasker.workflow_step_transitions (
    workflow_step_uuid, to_state, sort_key, most_recent, created_at, updated_at)
  select s.workflow_step_uuid, 'pending', 1, true, timezone('utc', now()), timezone('utc', now())
  from tasker.workflow_steps s
  where s.task_uuid = p_task_uuid
    and not exists (
      select from tasker.workflow_step_transitions tr where tr.workflow_step_uuid = s.workflow_step_uuid);
  get diagnostics written = row_count;
  return written;
end
$$;

comment on function tasker.initialize_step_states(uuid) is
  'Puts the steps of a task that have no state yet into pending; returns how many rows were written';

-- Compare and swap. False means that the task is not, or no longer, in p_from_state; an edge that
-- is not in the matrix is an error of the program, found before any row is read.
create or replace function tasker.transition_task_state_atomic(
    p_task_uuid uuid, p_from_state varchar, p_to_state varchar, p_processor_uuid uuid,
    p_metadata jsonb default '{}')
  returns boolean
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  superseded uuid;
begin
  if p_from_state is null then
    return false;
  end if;
  if not exists (
    select from tasker.state_edges() e
    where e.machine = 'task' and e.from_state = p_from_state and e.to_state = p_to_state)
  then
    raise exception 'task %: transition % -> % is not allowed',
        coalesce(p_task_uuid::text, 'NULL'), p_from_state, coalesce(p_to_state, 'NULL')
      using errcode = 'check_violation', constraint = 'state_edges';
  end if;
  -- The task first: everybody takes it before its transition, so nobody can deadlock. Both locks in
  -- one statement: it began before it waited for the task, so it does not see the transition that
  -- the other one has just written, and only finds that the one it knows is no longer current.
  select tr.task_transition_uuid into superseded
  from (
    select t.task_uuid from tasker.tasks t where t.task_uuid = p_task_uuid for no key update) locked_task
  cross join lateral (
    select c.task_transition_uuid
    from tasker.task_transitions c
    where c.task_uuid = locked_task.task_uuid and c.most_recent = true and c.to_state = p_from_state
    for update) tr;
  if not found then
    return false;
  end if;
  update tasker.task_transitions tr
  set most_recent = false
  where tr.task_transition_uuid = superseded;
  insert into tasker.task_transitions (
    task_uuid, from_state, to_state, processor_uuid, transition_metadata, sort_key, most_recent,
    created_at, updated_at)
  select p_task_uuid, p_from_state, p_to_state, p_processor_uuid, p_metadata, max(tr.sort_key) + 1, true,
    timezone('utc', now()), timezone('utc', now())
  from tasker.task_transitions tr
  where tr.task_uuid = p_task_uuid;
  if p_to_state = 'complete' then
    update tasker.tasks t
    set completed_at = timezone('utc', now()), updated_at = timezone('utc', now())
    where t.task_uuid = p_task_uuid;
  end if;
  return true;
end
$$;

comment on function tasker.transition_task_state_atomic(uuid, varchar, varchar, uuid, jsonb) is
  'Changes the state of a task that is still in p_from_state; false if it is not, 23514 for a forbidden edge';

-- The same for a step. The metadata goes to another column than that of a task, the one from which
-- the audit of results is made.
create or replace function tasker.transition_step_state_atomic(
    p_step_uuid uuid, p_from_state varchar, p_to_state varchar, p_metadata jsonb default '{}')
  returns boolean
  language plpgsql
  set search_path = tasker, pg_temp
as $$
declare
  superseded uuid;
begin
  if p_from_state is null then
    return false;
  end if;
  if not exists (
    select from tasker.state_edges() e
    where e.machine = 'step' and e.from_state = p_from_state and e.to_state = p_to_state)
  then
    raise exception 'step %: transition % -> % is not allowed',
        coalesce(p_step_uuid::text, 'NULL'), p_from_state, coalesce(p_to_state, 'NULL')
      using errcode = 'check_violation', constraint = 'state_edges';
  end if;
  select tr.workflow_step_transition_uuid into superseded
  from (
    select s.workflow_step_uuid
    from tasker.workflow_steps s where s.workflow_step_uuid = p_step_uuid for no key update) locked_step
  cross join lateral (
    select c.workflow_step_transition_uuid
    from tasker.workflow_step_transitions c
    where c.workflow_step_uuid = locked_step.workflow_step_uuid
      and c.most_recent = true and c.to_state = p_from_state
    for update) tr;
  if not found then
    return false;
  end if;
  update tasker.workflow_step_transitions tr
  set most_recent = false
  where tr.workflow_step_transition_uuid = superseded;
  insert into tasker.workflow_step_transitions (
    workflow_step_uuid, from_state, to_state, metadata, sort_key, most_recent, created_at, updated_at)
  select p_step_uuid, p_from_state, p_to_state, p_metadata, max(tr.sort_key) + 1, true,
    timezone('utc', now()), timezone('utc', now())
  from tasker.workflow_step_transitions tr
  where tr.workflow_step_uuid = p_step_uuid;
  return true;
end
$$;

comment on function tasker.transition_step_state_atomic(uuid, varchar, varchar, jsonb) is
  'Changes the state of a step that is still in p_from_state; false if it is not, 23514 for a forbidden edge';

create or replace function tasker.get_current_task_state(p_task_uuid uuid)
  returns varchar
  language sql stable
as $$
  select tr.to_state
  from tasker.task_transitions tr
  where tr.task_uuid = p_task_uuid and tr.most_recent = true
$$;

comment on function tasker.get_current_task_state(uuid) is
  'The state of a task, or null without one; for display, never the basis of a write';
